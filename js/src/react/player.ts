import type { ForwardRefExoticComponent, RefAttributes } from "react";

import { component, type ComponentProps, type ElementEvent } from "./component.js";
import { type AnsdevPlayerElement, definePlayerElement } from "../player/player-element.js";
import { PLAYER_FLAGS, type PlayerAttributes, type PlayerEventMap } from "../player/tag.js";

/** An event of the player; it does not bubble. */
export type PlayerEvent<E extends Event = Event> = ElementEvent<AnsdevPlayerElement, E>;

/** What {@link AnsdevPlayer} takes: its own, its events' handlers, and the attributes of every element. */
export type AnsdevPlayerProps = ComponentProps<AnsdevPlayerElement, PlayerAttributes, PlayerEventMap>;

/** `<ansdev-player>` as a React component; its `ref` is the element, its children `<track>` elements. */
export const AnsdevPlayer: ForwardRefExoticComponent<AnsdevPlayerProps & RefAttributes<AnsdevPlayerElement>> =
  component<AnsdevPlayerElement, PlayerAttributes, PlayerEventMap>(
    "AnsdevPlayer",
    "ansdev-player",
    definePlayerElement,
    PLAYER_FLAGS,
  );
