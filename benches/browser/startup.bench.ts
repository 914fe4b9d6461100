import type { Page } from "@playwright/test";

import { bench } from "./support/bench.ts";
import { interleave } from "./support/interleave.ts";

const ROUNDS = 15;
const EMPTY_MODULE = [0, 97, 115, 109, 1, 0, 0, 0];

bench(
  "createClient until ready, beside Workers with WebAssembly of others",
  async ({ browser, mock, site, record }) => {
    site.route("/bench/empty.wasm", (_request, response) => {
      response.writeHead(200, { "content-type": "application/wasm" }).end(Buffer.from(EMPTY_MODULE));
    });

    /** Each time a browser that has seen nothing yet. */
    async function cold(measure: (page: Page) => Promise<number>): Promise<number> {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(site.page("blank.html"));
      const took = await measure(page);
      await context.close();
      return took;
    }

    /** Milliseconds from `new Worker` until it says that it is ready. */
    const worker = (url: string, type: WorkerType) =>
      cold((page) =>
        page.evaluate(
          async ([url, type]) => {
            const began = performance.now();
            const worker = new Worker(url, { type });
            await new Promise((resolve, reject) => {
              worker.onmessage = resolve;
              worker.onerror = reject;
            });
            return performance.now() - began;
          },
          [url, type] as const,
        ),
      );

    await record(
      await interleave(ROUNDS, {
        inline: () =>
          cold((page) =>
            page.evaluate(async (access) => {
              const { createClient } = await import("@ansdev/player");
              const began = performance.now();
              await createClient(access);
              return performance.now() - began;
            }, mock.access),
          ),
        slim: () =>
          cold((page) =>
            page.evaluate(
              async (options) => {
                const { createClient } = await import("@ansdev/player/slim");
                const began = performance.now();
                await createClient(options);
                return performance.now() - began;
              },
              { ...mock.access, workerUrl: "/sdk/worker.js", wasmUrl: "/sdk/ansdev-player.wasm" },
            ),
          ),
        emptyInline: () =>
          cold((page) =>
            page.evaluate(async (bytes) => {
              const began = performance.now();
              const source = `WebAssembly.instantiate(new Uint8Array([${bytes.join()}])).then(() => postMessage("ready"))`;
              const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
              const worker = new Worker(url);
              await new Promise((resolve) => (worker.onmessage = resolve));
              return performance.now() - began;
            }, EMPTY_MODULE),
          ),
        emptyFiles: () => worker("/bench/empty-worker.js", "classic"),
        matrix: () => worker("/bench/matrix-worker.js", "module"),
      }),
    );
  },
);
