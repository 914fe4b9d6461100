import type { CDPSession, Page } from "@playwright/test";

import { PageRealm, type Realm, WorkerRealm } from "../../../tests/browser/support/attack/realm.ts";

/** The memory of a page and its Worker. */
export class Heap {
  private constructor(
    private readonly cdp: CDPSession,
    readonly page: Realm,
    readonly worker: Realm,
  ) {}

  /** Of a page that has one Worker. */
  static async of(page: Page): Promise<Heap> {
    const cdp = await page.context().newCDPSession(page);
    return new Heap(cdp, await PageRealm.of(page), await WorkerRealm.of(page));
  }

  /** Bytes of both. */
  async bytes(): Promise<number> {
    const [page, worker] = await Promise.all([this.page.bytes(), this.worker.bytes()]);
    return page + worker;
  }

  /** Nodes and event listeners of the page, in its documents or not. */
  async nodes(): Promise<number> {
    const { nodes, listeners } = await this.counters();
    return nodes + listeners;
  }

  /** The same, each for itself. */
  async counters(): Promise<{ nodes: number; listeners: number }> {
    const { nodes, jsEventListeners } = await this.cdp.send("Memory.getDOMCounters");
    return { nodes, listeners: jsEventListeners };
  }
}
