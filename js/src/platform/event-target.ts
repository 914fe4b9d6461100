/** `EventTarget` with the types of its events. */
export interface TypedEventTarget<Events> extends EventTarget {
  addEventListener<Name extends keyof Events & string>(
    type: Name,
    listener: ((event: Events[Name]) => void) | { handleEvent(event: Events[Name]): void } | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<Name extends keyof Events & string>(
    type: Name,
    listener: ((event: Events[Name]) => void) | { handleEvent(event: Events[Name]): void } | null,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void;
}

/** The platform's `EventTarget`; only its types are ours. */
export const TypedEventTarget = EventTarget as {
  /** The platform's. */
  prototype: EventTarget;
  new <Events>(): TypedEventTarget<Events>;
};
