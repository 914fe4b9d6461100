import type { CDPSession, Page } from "@playwright/test";

import { PageRealm, type Realm, WorkerRealm } from "../../../tests/browser/support/attack/realm.ts";

/** The memory of a page and its Worker. */
export class Heap {
  private constructor(
    private readonly cdp: CDPSession,
    private readonly realms: Realm[],
  ) {}

  /** Of a page that has one Worker. */
  static async of(page: Page): Promise<Heap> {
    const cdp = await page.context().newCDPSession(page);
    return new Heap(cdp, [await PageRealm.of(page), await WorkerRealm.of(page)]);
  }

  /** Bytes of both; see `Realm.bytes`. */
  async bytes(): Promise<number> {
    const sizes = await Promise.all(this.realms.map((realm) => realm.bytes()));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Nodes and event listeners of the page, in its documents or not. */
  async nodes(): Promise<number> {
    const { nodes, jsEventListeners } = await this.cdp.send("Memory.getDOMCounters");
    return nodes + jsEventListeners;
  }
}
