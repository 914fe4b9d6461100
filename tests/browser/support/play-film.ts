/** A page in which functions can be run: Playwright's, or one over WebDriver. */
interface Page {
  evaluate(
    run: (argument: readonly [{ apiKey: string; baseUrl: string }, string]) => Promise<void>,
    argument: readonly [{ apiKey: string; baseUrl: string }, string],
  ): Promise<void>;
}

/** Puts a film into the page, with a client of its own, and plays it; the page's `shown` is what `film` made. */
export async function playFilm(
  page: Page,
  access: { apiKey: string; baseUrl: string },
  videoId: string,
): Promise<void> {
  await page.evaluate(
    async ([options, id]) => {
      const { createClient } = await import("@ansdev/player");
      const { film } = await import("film");
      Object.assign(window, { shown: film(await createClient(options), id) });
      await shown.element.play();
    },
    [access, videoId] as const,
  );
}
