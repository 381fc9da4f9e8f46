namespace NeuralTrain.Browser.Tests;

/// <summary>The page of WebPrediction: a form made from the schema of its model.</summary>
public sealed class FormTests(PredictionForm form) : IClassFixture<PredictionForm>
{
    [Fact]
    public async Task A_form_filled_in_by_the_keyboard_alone_is_answered_with_probabilities()
    {
        IPage page = await form.OpenAsync();
        (await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('#fields label')].map(label => label.textContent)")).Should().Equal(
            "age", "workclass optional", "education", "occupation", "married", "hours per week", "capital gain optional");
        await page.FocusAsync("#theme");
        foreach (string typed in new[] { "50", "Private", "Doctor", "Management", " ", "55" })
        {
            await page.Keyboard.PressAsync("Tab");
            await page.Keyboard.TypeAsync(typed);
        }

        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#result h2");
        (await page.TextContentAsync("#result h2")).Should().Be(">50K");
        double[] shares = await page.EvaluateAsync<double[]>("() => [...document.querySelectorAll('#result progress')].map(bar => bar.value)");
        shares.Should().HaveCount(2);
        shares.Sum().Should().BeApproximately(1, 1e-6);
        (await page.TextContentAsync("#request")).Should().Contain("\"married\": true").And.Contain("\"hours_per_week\": 55").And.NotContain("capital");
        await End(page);
    }

    [Fact]
    public async Task Wrong_fields_are_marked_in_words_the_first_gets_the_focus_and_corrected_ones_are_clear()
    {
        IPage page = await form.OpenAsync();
        await page.SelectOptionAsync("#field2", "School");
        await page.SelectOptionAsync("#field3", "Craft");
        await page.FocusAsync("#field5");
        await page.Keyboard.TypeAsync("--");
        await page.ClickAsync("button.main");
        await page.WaitForSelectorAsync("#result .error");
        (await page.TextContentAsync("#result")).Should().Be("Fields do not fit the model. See the marked fields.");
        (await page.TextContentAsync("#field0problem")).Should().Be("has no value; please fill it in");
        (await page.TextContentAsync("#field5problem")).Should().Be("expects a number");
        string[] marked = await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('[aria-invalid=true]')].map(input => input.id)");
        marked.Should().Equal("field0", "field5");
        (await page.EvaluateAsync<string>("() => document.activeElement.id")).Should().Be("field0");
        await page.FillAsync("#field0", "19");
        await page.FillAsync("#field5", "12");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#result h2");
        (await page.TextContentAsync("#result h2")).Should().Be("<=50K");
        (await page.EvaluateAsync<int>("() => document.querySelectorAll('[aria-invalid=true]').length")).Should().Be(0);
        await End(page, problems: 1);
    }

    [Fact]
    public async Task A_service_that_does_not_answer_is_told()
    {
        IPage page = await form.OpenAsync();
        await page.RouteAsync("**/predict", route => route.AbortAsync());
        await page.ClickAsync("button.main");
        await page.WaitForSelectorAsync("#result .error");
        (await page.TextContentAsync("#result")).Should().StartWith("The service does not answer");
        await End(page, problems: 1);
    }

    [Theory]
    [InlineData(360, 740)]
    [InlineData(800, 1000)]
    [InlineData(1440, 900)]
    public async Task It_fits_screens_of_all_sizes_and_follows_dark_and_light(int width, int height)
    {
        foreach (ColorScheme scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            IPage page = await form.OpenAsync(options: new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = height }, ColorScheme = scheme });
            await page.ClickAsync("button.main");
            await page.WaitForSelectorAsync("#result .error");
            await page.ClickAsync("summary");
            (await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth")).Should().BeTrue("nothing is cut off at the side");
            const string Background = "() => getComputedStyle(document.body).backgroundColor";
            string[] colors = ["rgb(246, 247, 249)", "rgb(20, 23, 27)"];
            int now = scheme == ColorScheme.Dark ? 1 : 0;
            (await page.EvaluateAsync<string>(Background)).Should().Be(colors[now]);
            await page.ClickAsync("#theme");
            (await page.EvaluateAsync<string>(Background)).Should().Be(colors[1 - now]);
            await page.ClickAsync("#theme");
            (await page.EvaluateAsync<string>(Background)).Should().Be(colors[now]);
            await End(page, problems: 1);
        }
    }

    [Fact]
    public async Task Everything_that_can_be_used_has_a_name_for_those_who_do_not_see_it()
    {
        IPage page = await form.OpenAsync();
        string[] nameless = await page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('button, select, input')].filter(e => !(e.ariaLabel || e.textContent.trim() && e.tagName === 'BUTTON' || e.labels?.length)).map(e => e.outerHTML)");
        nameless.Should().BeEmpty();
        await End(page);
    }

    // A request that is refused or fails is a line in the console of the browser.
    private async Task End(IPage page, int problems = 0)
    {
        await page.Context.CloseAsync();
        string[] found = [.. form.ProblemsOf(page)];
        found.Where(line => line.Contains("Failed to load resource", StringComparison.Ordinal)).Should().HaveCount(problems).And.HaveSameCount(found, string.Join('\n', found));
    }
}
