using System.Net;
using System.Net.WebSockets;
using System.Text;

namespace NeuralTrain.Browser.Tests;

/// <summary>What the page does apart from its stories, and what its server refuses.</summary>
public sealed class PageTests(Playground playground) : IClassFixture<Playground>
{
    [Fact]
    public async Task Keys_play_step_reset_and_go_through_the_stories()
    {
        IPage page = await playground.OpenAsync();
        await page.Keyboard.PressAsync("s");
        await page.WaitForFunctionAsync("() => playground.frame.steps === 1 && document.getElementById('steps').textContent === '1'");
        await page.Keyboard.PressAsync(" ");
        await page.WaitForFunctionAsync("() => playground.playing && playground.frame.steps > 100");
        await page.Keyboard.PressAsync(" ");
        (await page.EvaluateAsync<bool>("() => playground.playing")).Should().BeFalse();
        await page.Keyboard.PressAsync("r");
        await page.WaitForFunctionAsync("() => playground.frame.steps === 0");
        await page.Keyboard.PressAsync("n");
        new Uri(page.Url).Fragment.Should().Contain("story=symmetry");
        await page.Keyboard.PressAsync("p");
        new Uri(page.Url).Fragment.Should().Contain("story=perceptron");
        await End(page);
    }

    [Fact]
    public async Task The_address_brings_a_state_back()
    {
        IPage page = await playground.OpenAsync("#story=fading");
        await page.SelectOptionAsync("#data", "moons");
        await page.FillAsync("#seed", "7");
        await page.Keyboard.PressAsync("Tab");
        await page.ClickAsync("[aria-label='One layer less']");
        await page.ClickAsync("[aria-label='One unit more in layer 1']");
        const string State = "() => JSON.stringify(playground.setup)";
        string state = await page.EvaluateAsync<string>(State);
        state.Should().Contain("\"units\":[9,8,8,8,8,8,8]").And.Contain("\"seed\":7").And.Contain("moons");
        IPage other = await playground.OpenAsync(new Uri(page.Url).Fragment);
        (await other.EvaluateAsync<string>(State)).Should().Be(state);
        await other.Context.CloseAsync();
        await End(page);
    }

    [Fact]
    public async Task Points_are_drawn_with_the_mouse_and_the_keyboard_learnt_and_shared()
    {
        IPage page = await playground.OpenAsync();
        await page.SelectOptionAsync("#data", "drawn");
        (await page.TextContentAsync("#status")).Should().Contain("at least 4 points");
        LocatorBoundingBoxResult box = (await page.Locator("#map").BoundingBoxAsync())!;
        for (int i = 0; i < 12; i++)
        {
            bool isBlue = i % 2 == 0;
            await page.Mouse.ClickAsync(box.X + (box.Width * (isBlue ? 0.2f : 0.8f)), box.Y + (box.Height * (0.1f + (0.06f * i))), new MouseClickOptions { Button = isBlue ? MouseButton.Left : MouseButton.Right });
        }

        await page.FocusAsync("#map");
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => playground.setup.drawn.length === 13");
        await page.SelectOptionAsync("#optimizer", "Adam");
        await page.ClickAsync("#play");
        await page.WaitForFunctionAsync("() => playground.frame.steps > 500 && playground.frame.trainLoss < 0.1");
        await page.ClickAsync("#play");
        IPage other = await playground.OpenAsync(new Uri(page.Url).Fragment);
        (await other.EvaluateAsync<int>("() => playground.setup.drawn.length")).Should().Be(13);
        await other.Context.CloseAsync();
        await End(page);
    }

    [Fact]
    public async Task The_model_file_loads_and_predicts_what_the_page_shows()
    {
        IPage page = await playground.OpenAsync("#story=momentum&optimizer=Adam&rate=0.01");
        await page.ClickAsync("#play");
        await page.WaitForFunctionAsync("() => playground.frame.steps > 2000");
        await page.ClickAsync("#play");
        await page.WaitForTimeoutAsync(300);
        IDownload download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("#save"));
        string path = await download.PathAsync();
        Predictor predictor = Predictor.Load(path);
        predictor.InputNames.Should().Equal("x", "y");
        byte[] map = [.. (await page.EvaluateAsync<int[]>("() => [...playground.frame.map]")).Select(value => (byte)value)];
        for (int cell = 0; cell < map.Length; cell += 37)
        {
            float x = 2.5f * ((2 * ((cell % 60) + 0.5f) / 60) - 1), y = 2.5f * (1 - (2 * ((cell / 60) + 0.5f) / 60));
            double shown = (map[cell] - 128) / 127.0, predicted = (2 * predictor.Predict([x, y])[0]) - 1;
            predicted.Should().BeApproximately(shown, 0.006, $"cell {cell}");
        }

        await End(page);
    }

    [Fact]
    public async Task A_change_of_rate_goes_on_training_and_other_changes_begin_anew()
    {
        IPage page = await playground.OpenAsync("#story=rate");
        await page.ClickAsync("#play");
        await page.WaitForFunctionAsync("() => playground.frame.steps > 200");
        await page.FillAsync("#rate", "0.3");
        await page.Keyboard.PressAsync("Tab");
        await page.WaitForFunctionAsync("() => playground.frame.rate === 0.3 && playground.frame.steps > 200");
        await page.ClickAsync("#play");
        await page.SelectOptionAsync("#activation", "ReLU");
        await page.WaitForFunctionAsync("() => playground.frame.steps === 0");
        await End(page);
    }

    [Fact]
    public async Task Every_choice_of_every_list_trains_or_says_why_not()
    {
        IPage page = await playground.OpenAsync("#data=moons&epochs=20");
        foreach (string list in new[] { "data", "activation", "weights", "normalization", "output", "loss", "optimizer", "schedule" })
        {
            string[] values = await page.EvaluateAsync<string[]>("id => [...document.getElementById(id).options].map(option => option.value)", list);
            foreach (string value in values.Where(value => value != "drawn"))
            {
                int before = await page.EvaluateAsync<int>("() => playground.frame.run");
                await page.SelectOptionAsync($"#{list}", value);
                await page.DispatchEventAsync($"#{list}", "change");
                await page.WaitForFunctionAsync("run => playground.frame.run > run && playground.frame.steps === 0", before);
                await page.Keyboard.PressAsync("Tab");
                await page.ClickAsync("#step");
                await page.WaitForFunctionAsync("() => playground.frame.steps === 1 || playground.frame.stopped");
                string? stopped = await page.EvaluateAsync<string?>("() => playground.frame.stopped");
                stopped.Should().BeNull($"{list} {value}");
            }

            await page.SelectOptionAsync($"#{list}", values.Contains("moons") ? "moons" : values[0]);
        }

        await End(page);
    }

    [Theory]
    [InlineData("#story=rate&rate=-3", "rate=-3")]
    [InlineData("#units=1000000,a", "units=1000000,a")]
    [InlineData("#data=<img src=x>&activation=magic", "data=<img src=x>, activation=magic")]
    [InlineData("#__proto__=1&toString=2&constructor=3", "__proto__=1, toString=2, constructor=3")]
    [InlineData("#data=drawn&drawn=1,2;0,0,7;x,y,1", "drawn=1,2;0,0,7;x,y,1")]
    [InlineData("#batch=2.5&seed=&points=%E0%A4%A", "batch=2.5, seed=, points=")]
    [InlineData("#story=none", "story=none")]
    public async Task What_an_address_asks_for_in_vain_is_named_and_the_usual_is_shown(string hash, string named)
    {
        IPage page = await playground.OpenAsync(hash);
        await page.WaitForFunctionAsync("() => document.getElementById('status').textContent");
        (await page.TextContentAsync("#status")).Should().StartWith("The address asks for").And.Contain(named);
        if (!hash.Contains("drawn", StringComparison.Ordinal))
        {
            await page.WaitForFunctionAsync("() => playground.frame");
            await page.ClickAsync("#step");
            await page.WaitForFunctionAsync("() => playground.frame.steps === 1");
        }

        await End(page);
    }

    [Fact]
    public async Task A_hostile_address_is_refused_in_words_and_the_page_goes_on()
    {
        IPage page = await playground.OpenAsync("#units=16,16,16,16,16,16,16,16,16,16,16,16&rate=1e999&noise=NaN");
        (await page.TextContentAsync("#status")).Should().NotBeEmpty();
        await page.ClickAsync("#next");
        await page.WaitForFunctionAsync("() => playground.frame && playground.frame.steps === 0 && document.getElementById('status').textContent === ''");
        await End(page);
    }

    [Fact]
    public async Task Each_page_has_its_own_session_which_ends_with_it()
    {
        IPage first = await playground.OpenAsync("#story=fading"), second = await playground.OpenAsync("#story=rate");
        await first.ClickAsync("#play");
        await first.WaitForFunctionAsync("() => playground.frame.steps > 300");
        (await second.EvaluateAsync<int>("() => playground.frame.steps")).Should().Be(0);
        (await Sessions()).Should().Be(2);
        await first.Context.CloseAsync();
        await Wait(1);
        await End(second);
        await Wait(0);

        async Task Wait(int count)
        {
            for (int i = 0; i < 100 && await Sessions() != count; i++)
            {
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }

            (await Sessions()).Should().Be(count);
        }

        async Task<int> Sessions()
        {
            using var client = new HttpClient { BaseAddress = playground.Address };
            return int.Parse(await client.GetStringAsync("/sessions"), System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    [Theory]
    [InlineData(390, 844)]
    [InlineData(800, 1000)]
    [InlineData(1440, 900)]
    public async Task It_fits_screens_of_all_sizes_and_follows_dark_and_light(int width, int height)
    {
        foreach (ColorScheme scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            IPage page = await playground.OpenAsync("#story=initialisation", new BrowserNewContextOptions
            { ViewportSize = new ViewportSize { Width = width, Height = height }, ColorScheme = scheme });
            string[] wide = await page.EvaluateAsync<string[]>(
                "() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth && !e.closest('.scroll')).map(e => `${e.tagName} ${e.id} ${e.className}`)");
            wide.Should().BeEmpty("nothing is cut off at the side");
            string before = await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
            before.Should().Be(scheme == ColorScheme.Dark ? "rgb(20, 23, 27)" : "rgb(246, 247, 249)");
            await page.ClickAsync("#theme");
            (await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor")).Should().NotBe(before);
            await End(page);
        }
    }

    [Fact]
    public async Task Everything_that_can_be_used_has_a_name_for_those_who_do_not_see_it()
    {
        IPage page = await playground.OpenAsync();
        string[] nameless = await page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('button, select, input, canvas[role]')]
              .filter(e => !(e.ariaLabel || e.textContent.trim() && e.tagName === 'BUTTON' || e.labels?.length || e.hidden)).map(e => e.outerHTML)
            """);
        nameless.Should().BeEmpty();
        await End(page);
    }

    [Theory]
    [InlineData("""{"setup":{"units":[16,16,16,16,16,16,16,16,16,16,16]},"steps":1}""", "hidden layers must lie in 0 to 10, received 11")]
    [InlineData("""{"setup":{"units":[2000000000]},"steps":1}""", "units must lie in 1 to 16, received 2000000000")]
    [InlineData("""{"setup":{"units":null,"points":1000000000},"steps":1}""", "points must lie in 10 to 2000")]
    [InlineData("""{"setup":{"rate":1e999},"steps":1}""", "rate must lie in")]
    [InlineData("""{"setup":{"rate":NaN},"steps":1}""", "$.setup.rate")]
    [InlineData("""{"setup":{"noise":"NaN"},"steps":1}""", "noise")]
    [InlineData("""{"setup":{"data":"drawn","drawn":[[1,1,0],[1,1e300,1],[0,0,1],[1,0,0]]},"steps":1}""", "drawn must lie in 0 to 2.5")]
    [InlineData("""{"setup":{"data":"drawn","drawn":[null,[1],[0,0,1],[1,0,0]]},"steps":1}""", "drawn point")]
    [InlineData("""{"setup":{"data":"drawn"},"steps":1}""", "at least 4 points")]
    [InlineData("""{"setup":{"activation":"magic"},"steps":1}""", "activation must be one of")]
    [InlineData("""{"setup":{},"steps":2000000000}""", "steps must lie in 0 to 50000")]
    [InlineData("""{"setup":{"depth":3},"steps":1}""", "depth")]
    [InlineData("""[]""", "JSON")]
    [InlineData("nonsense", "JSON")]
    public async Task A_hostile_request_is_refused_with_400_and_says_why(string body, string reason)
    {
        using var client = new HttpClient { BaseAddress = playground.Address };
        using HttpResponseMessage answer = await client.PostAsync("/train", new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Should().Contain(reason);
    }

    [Fact]
    public async Task A_huge_request_is_refused()
    {
        using var client = new HttpClient { BaseAddress = playground.Address };
        string points = string.Join(',', Enumerable.Repeat("[0.5,0.5,1]", 100_000));
        using HttpResponseMessage answer = await client.PostAsync(
            "/train", new StringContent($$"""{"setup":{"drawn":[{{points}}]},"steps":1}""", Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        answer.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task A_session_refuses_nonsense_goes_on_and_ends_at_a_message_without_end()
    {
        using ClientWebSocket socket = await Connect(origin: null);
        (await Ask(socket, "nonsense")).Should().Contain("refused");
        (await Ask(socket, """{"do":"explode"}""")).Should().Contain("do must be set, run, tune or find");
        (await Ask(socket, """{"do":"set","setup":{"units":[99]}}""")).Should().Contain("must lie in 1 to 16");
        (await Ask(socket, """{"do":"set","setup":{"units":[3]}}""")).Should().Contain("\"kind\":\"set\"");
        await socket.SendAsync(new byte[300_000], WebSocketMessageType.Text, endOfMessage: false, TestContext.Current.CancellationToken);
        WebSocketReceiveResult end = await socket.ReceiveAsync(new byte[1000], TestContext.Current.CancellationToken);
        end.CloseStatus.Should().Be(WebSocketCloseStatus.MessageTooBig);
    }

    [Fact]
    public async Task A_page_from_elsewhere_gets_no_session()
    {
        Func<Task> connect = async () => (await Connect("http://elsewhere.example")).Dispose();
        (await connect.Should().ThrowAsync<WebSocketException>()).WithMessage("*403*");
    }

    [Fact]
    public async Task A_name_that_leads_here_from_elsewhere_is_refused()
    {
        using var client = new HttpClient { BaseAddress = playground.Address };
        client.DefaultRequestHeaders.Host = "elsewhere.example";
        using HttpResponseMessage answer = await client.GetAsync("/", TestContext.Current.CancellationToken);
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Of_forty_sessions_at_once_32_are_served_and_their_places_are_free_again_when_they_end()
    {
        await Empty();
        for (int round = 0; round < 2; round++)
        {
            Task<ClientWebSocket>[] all = [.. Enumerable.Range(0, 40).Select(_ => Connect(origin: null))];
            await Task.WhenAll(all).ContinueWith(_ => { }, TaskScheduler.Default);
            all.Count(one => one.IsCompletedSuccessfully).Should().Be(32);
            foreach (Task<ClientWebSocket> one in all.Where(one => one.IsCompletedSuccessfully))
            {
                (await Ask(await one, """{"do":"set","setup":{"units":[3]}}""")).Should().Contain("\"kind\":\"set\"");
                (await one).Dispose();
            }

            await Empty();
        }

        async Task Empty()
        {
            using var client = new HttpClient { BaseAddress = playground.Address };
            while (await client.GetStringAsync("/sessions", TestContext.Current.CancellationToken) != "0")
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }
    }

    [Fact]
    public async Task Of_many_trainings_at_once_some_are_refused_and_the_page_stays_there()
    {
        using var client = new HttpClient { BaseAddress = playground.Address };
        const string Long = """{"setup":{"units":[16,16,16,16],"points":2000,"batch":2000},"steps":2000}""";
        Task<HttpResponseMessage>[] all = [.. Enumerable.Range(0, 60).Select(_ => client.PostAsync("/train", new StringContent(Long, Encoding.UTF8, "application/json")))];
        (await client.GetStringAsync("/", TestContext.Current.CancellationToken)).Should().Contain("<canvas");
        HttpStatusCode[] codes = [.. (await Task.WhenAll(all)).Select(answer => answer.StatusCode)];
        codes.Should().OnlyContain(code => code == HttpStatusCode.OK || code == HttpStatusCode.ServiceUnavailable)
            .And.Contain(HttpStatusCode.OK).And.Contain(HttpStatusCode.ServiceUnavailable);
    }

    private async Task<ClientWebSocket> Connect(string? origin)
    {
        var socket = new ClientWebSocket();
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        await socket.ConnectAsync(new UriBuilder(playground.Address) { Scheme = "ws", Path = $"/session/{Guid.NewGuid()}" }.Uri, TestContext.Current.CancellationToken);
        return socket;
    }

    private static async Task<string> Ask(ClientWebSocket socket, string message)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
        var buffer = new byte[200_000];
        WebSocketReceiveResult answer = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, answer.Count);
    }

    private async Task End(IPage page)
    {
        await page.Context.CloseAsync();
        playground.ProblemsOf(page).Should().BeEmpty("the console has nothing to complain about");
    }
}
