import { component, type ElementComponent } from "./component.js";
import { type AnsdevPlayerElement, definePlayerElement } from "../player/player-element.js";
import { PLAYER_FLAGS, type PlayerAttributes, type PlayerEventMap } from "../player/tag.js";

/** `<ansdev-player>` as a Vue component; its children are `<track>` elements. */
export const AnsdevPlayer: ElementComponent<AnsdevPlayerElement, PlayerAttributes, PlayerEventMap> = component(
  "AnsdevPlayer",
  "ansdev-player",
  definePlayerElement,
  PLAYER_FLAGS,
);
