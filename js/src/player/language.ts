import { addTranslation, setLanguage } from "media-chrome/dist/utils/i18n.js";

/** Where Media Chrome's texts come from, by language; English is always there. */
const SOURCES: Record<string, () => Promise<unknown>> = {
  de: async () => import("media-chrome/dist/lang/de.js"),
  es: async () => import("media-chrome/dist/lang/es.js"),
  fr: async () => import("media-chrome/dist/lang/fr.js"),
  pt: async () => import("media-chrome/dist/lang/pt.js"),
  hi: async () =>
    import("./texts-hi.js").then(({ TEXTS }) => {
      addTranslation("hi", TEXTS);
    }),
  ja: async () =>
    import("./texts-ja.js").then(({ TEXTS }) => {
      addTranslation("ja", TEXTS);
    }),
};

/** Has the controls that are made from now on speak a language (BCP 47); English where its texts cannot be loaded. */
export async function speak(language: string): Promise<void> {
  await SOURCES[language.toLowerCase().split("-")[0] ?? ""]?.().catch(() => undefined);
  setLanguage(language);
}
