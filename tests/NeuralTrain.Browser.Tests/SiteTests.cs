using System.Text.RegularExpressions;

namespace NeuralTrain.Browser.Tests;

/// <summary>The documentation site, built by <c>.ci/site</c> before.</summary>
public sealed partial class SiteTests(Playground browser) : IClassFixture<Playground>
{
    private static readonly string Site = Path.Combine(SamplePage.Metadata("RepositoryRoot"), "artifacts", "site", "_site");

    [Fact]
    public void No_link_on_the_site_leads_nowhere()
    {
        Dictionary<string, string> pages = Pages();
        Dictionary<string, HashSet<string>> anchors = pages.ToDictionary(page => page.Key, page => Anchor().Matches(page.Value).Select(match => match.Groups[1].Value).ToHashSet());
        var broken = new List<string>();
        foreach ((string page, string text) in pages)
        {
            foreach (string link in Link().Matches(text).Select(match => match.Groups[1].Value).Where(link => !link.Contains(':', StringComparison.Ordinal)).Distinct())
            {
                string[] parts = link.Split('#');
                string target = parts[0].Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, Uri.UnescapeDataString(parts[0].Split('?')[0])));
                bool found = File.Exists(target) && (parts.Length == 1 || parts[1].Length == 0 || !anchors.TryGetValue(target, out HashSet<string>? known) || known.Contains(parts[1]));
                if (!found) broken.Add($"{Path.GetRelativePath(Site, page)}: {link}");
            }
        }

        pages.Count.Should().BeGreaterThan(200);
        broken.Should().BeEmpty();
    }

    [Fact]
    public void Formulas_are_drawn_and_their_source_is_not_shown() => Pages()[Path.Combine(Site, "docs", "derivations.html")]
        .Should().Contain("class=\"math\"").And.NotContain("(`").And.NotContain("lang-math");

    [Fact]
    public async Task Every_page_opens_without_an_error_and_the_search_finds_a_type()
    {
        Pages();
        IPage page = await browser.NewPageAsync();
        await SamplePage.ServeAsync(page, Site);
        foreach (string file in Directory.GetFiles(Path.Combine(Site, "docs"), "*.html").Append(Path.Combine(Site, "index.html")).Append(Path.Combine(Site, "api", "NeuralTrain.Linear.html")))
        {
            string name = Path.GetRelativePath(Site, file).Replace('\\', '/');
            if (name.EndsWith("toc.html", StringComparison.Ordinal)) continue;
            await page.GotoAsync($"http://localhost:1/{name}");
            (await page.Locator("article h1").First.TextContentAsync()).Should().NotBeNullOrWhiteSpace(name);
            browser.ProblemsOf(page).Should().BeEmpty(name);
        }

        await page.FillAsync("#search-query", "BatchNorm");
        await page.WaitForFunctionAsync("() => document.querySelector('#search-results')?.textContent.includes('Class BatchNorm')");
        browser.ProblemsOf(page).Should().BeEmpty();
    }

    private static Dictionary<string, string> Pages()
    {
        Assert.SkipUnless(Directory.Exists(Site), "There is no site: build it with .ci/site.");
        return Directory.GetFiles(Site, "*.html", SearchOption.AllDirectories).ToDictionary(file => file, File.ReadAllText);
    }

    [GeneratedRegex("(?:href|src)=\"([^\"]+)\"")]
    private static partial Regex Link();

    [GeneratedRegex("(?:id|name)=\"([^\"]+)\"")]
    private static partial Regex Anchor();
}
