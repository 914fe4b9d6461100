/**
 * `@ansdev/player/player`: defines `<ansdev-player>`, the ready-made player. Importing it on a server does nothing.
 *
 * @packageDocumentation
 */
import "../platform/natives.js";
import { AnsdevPlayerElement, definePlayerElement } from "../player/player-element.js";

export { AnsdevPlayerElement };

declare global {
  interface HTMLElementTagNameMap {
    "ansdev-player": AnsdevPlayerElement;
  }
}

definePlayerElement();
