import { expect, test } from "../support/test.ts";

/** The API's fields are assumed; one that it may leave out must not make a loop endless (`src/api/video.rs`). */
for (const [how, cursor] of [
  ["no cursor", {}],
  ["a cursor that is null", { nextCursor: null }],
] as const) {
  test(`a list ends with a page that names ${how}`, async ({ page, mock, site }) => {
    let asked = 0;
    site.route("/v1/video", (_request, response) => {
      asked++;
      const data = { videos: [{ id: "vid_1", status: "COMPLETED" }], ...cursor };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ success: true, data }));
    });
    await page.goto(site.page("blank.html"));
    const ids = await page.evaluate(async (apiKey) => {
      const { createClient } = await import("@ansdev/player");
      const client = await createClient({ apiKey, baseUrl: location.origin });
      const found: string[] = [];
      for await (const { id } of client.videos.list()) {
        found.push(id);
        if (found.length > 3) break;
      }
      return found;
    }, mock.apiKey);
    expect(ids).toEqual(["vid_1"]);
    expect(asked).toBe(1);
  });
}
