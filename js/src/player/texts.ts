import type { PlaybackError } from "../element/playback-error.js";

/** What the player says by itself; the controls' names are Media Chrome's. */
export interface Texts {
  retry: string;
  /** The client or the session was ended, or its key revoked. */
  ended: string;
  network: string;
  missing: string;
  notReady: string;
  /** The day's tokens are spent. */
  later: string;
  unsupported: string;
  failed: string;
}

const TEXTS: Record<string, Texts> & { en: Texts } = {
  en: {
    retry: "Try again",
    ended: "This session has ended.",
    network: "The connection was lost.",
    missing: "This video is not available.",
    notReady: "This video is still being prepared.",
    later: "This video cannot be played right now. Please try again later.",
    unsupported: "This browser cannot play this video.",
    failed: "The video cannot be played.",
  },
  hi: {
    retry: "फिर से कोशिश करें",
    ended: "यह सत्र समाप्त हो गया है।",
    network: "कनेक्शन टूट गया।",
    missing: "यह वीडियो उपलब्ध नहीं है।",
    notReady: "यह वीडियो अभी तैयार किया जा रहा है।",
    later: "यह वीडियो अभी नहीं चलाया जा सकता। कृपया बाद में फिर से कोशिश करें।",
    unsupported: "यह ब्राउज़र इस वीडियो को नहीं चला सकता।",
    failed: "वीडियो नहीं चलाया जा सकता।",
  },
  es: {
    retry: "Reintentar",
    ended: "Esta sesión ha terminado.",
    network: "Se ha perdido la conexión.",
    missing: "Este vídeo no está disponible.",
    notReady: "Este vídeo todavía se está preparando.",
    later: "Este vídeo no se puede reproducir ahora. Inténtalo más tarde.",
    unsupported: "Este navegador no puede reproducir este vídeo.",
    failed: "No se puede reproducir el vídeo.",
  },
  fr: {
    retry: "Réessayer",
    ended: "Cette session est terminée.",
    network: "La connexion a été perdue.",
    missing: "Cette vidéo n’est pas disponible.",
    notReady: "Cette vidéo est encore en préparation.",
    later: "Cette vidéo ne peut pas être lue pour le moment. Réessayez plus tard.",
    unsupported: "Ce navigateur ne peut pas lire cette vidéo.",
    failed: "La vidéo ne peut pas être lue.",
  },
  de: {
    retry: "Erneut versuchen",
    ended: "Diese Sitzung ist beendet.",
    network: "Die Verbindung ist abgebrochen.",
    missing: "Dieses Video ist nicht verfügbar.",
    notReady: "Dieses Video wird noch vorbereitet.",
    later: "Dieses Video kann gerade nicht abgespielt werden. Bitte später erneut versuchen.",
    unsupported: "Dieser Browser kann das Video nicht abspielen.",
    failed: "Das Video kann nicht abgespielt werden.",
  },
  ja: {
    retry: "再試行",
    ended: "このセッションは終了しました。",
    network: "接続が失われました。",
    missing: "この動画はご利用いただけません。",
    notReady: "この動画は準備中です。",
    later: "現在この動画を再生できません。しばらくしてからもう一度お試しください。",
    unsupported: "このブラウザーではこの動画を再生できません。",
    failed: "動画を再生できません。",
  },
};

/** The language to speak to somebody who wants this one (BCP 47): English where it is none of ours. */
export function languageFor(wanted: string): string {
  const [language = ""] = wanted.toLowerCase().split("-");
  return Object.hasOwn(TEXTS, language) ? language : "en";
}

/** The texts in one of our languages. */
export function textsFor(language: string): Texts {
  return TEXTS[language] ?? TEXTS.en;
}

/** Which of the texts tells a viewer of an error. */
export function textOf(error: MediaError | PlaybackError): Exclude<keyof Texts, "retry"> {
  switch ("cause" in error ? error.cause.code : undefined) {
    case "DESTROYED":
    case "WORKER_LOST":
    case "INVALID_API_KEY":
    case "API_KEY_EXPIRED":
    case "PLAYBACK_TOKEN_EXPIRED":
    case "PLAYBACK_TOKEN_INVALID":
      return "ended";
    case "VIDEO_NOT_FOUND":
      return "missing";
    case "VIDEO_NOT_READY":
      return "notReady";
    case "RATE_LIMIT_EXCEEDED":
      return "later";
    case "UNSUPPORTED":
      return "unsupported";
    default:
      return error.code === 2 ? "network" : "failed";
  }
}
