import { addTranslation, setLanguage } from "media-chrome/dist/utils/i18n.js";

/** Where Media Chrome's texts come from, by language: one for each that the player's own are in; English is always there. */
const SOURCES: Record<string, () => Promise<unknown>> = {
  de: async () => import("media-chrome/dist/lang/de.js"),
  es: async () => import("media-chrome/dist/lang/es.js"),
  fr: async () => import("media-chrome/dist/lang/fr.js"),
  hi: async () =>
    import("./texts-hi.js").then(({ TEXTS }) => {
      addTranslation("hi", TEXTS);
    }),
  ja: async () =>
    import("./texts-ja.js").then(({ TEXTS }) => {
      addTranslation("ja", TEXTS);
    }),
};

/** Loads the texts of a language; English is spoken where they cannot be. */
export async function learn(language: string): Promise<void> {
  await SOURCES[language]?.().catch(() => undefined);
}

/** Has Media Chrome speak a language from now on: it knows one for the whole page. */
export { setLanguage as speak };

/**
 * Has the controls inside a controller speak its own language (`lang`) whenever they write a text, whatever the other
 * players of the page speak.
 */
export function speakOnlyItsOwn(controller: HTMLElement): void {
  const speak = (): void => {
    setLanguage(controller.lang);
  };
  // A control writes its texts when it is told of the state: once it is there, and after every change.
  controller.addEventListener("registermediastatereceiver", speak, true);
  const { propagateMediaState } = controller as unknown as { propagateMediaState: (...state: unknown[]) => void };
  Object.assign(controller, {
    propagateMediaState: (...state: unknown[]) => {
      speak();
      propagateMediaState.apply(controller, state);
    },
  });
}
