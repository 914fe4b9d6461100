/**
 * `@ansdev/player/player`: defines `<ansdev-player>`, the ready-made player. Importing it on a server does nothing.
 *
 * @packageDocumentation
 */
import "../platform/natives.js";
import { AnsdevPlayerElement, definePlayerElement } from "../player/player-element.js";

export { AnsdevPlayerElement };
export type * from "../player/frameworks.js";
export type * from "../player/tag.js";

declare global {
  interface HTMLElementTagNameMap {
    "ansdev-player": AnsdevPlayerElement;
  }
}

definePlayerElement();
