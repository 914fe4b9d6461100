import type Hls from "hls.js";
import type { KeyLoadedData, LevelDetails, LevelKey } from "hls.js";

/**
 * Tells at once, and after each change, whether a request of the rest of the film can need a token (rule 10 of
 * ARCHITECTURE.md): a playlist is live, or one that somebody chose is missing, or a key that a loaded playlist names.
 * What is not known counts as needed. Automatic switching is no choice: its request fetches a token if it has to.
 *
 * @returns Ends it.
 */
export function followNeeds(hls: Hls, tell: (isNeeded: boolean) => void): () => void {
  const { Events } = hls.constructor as typeof Hls;
  // After these a playlist may be there, missing, or chosen.
  const changes = [
    Events.MANIFEST_PARSED,
    Events.LEVELS_UPDATED,
    Events.LEVEL_SWITCHING,
    Events.LEVEL_LOADED,
    Events.LEVEL_UPDATED,
    Events.AUDIO_TRACK_SWITCHING,
    Events.AUDIO_TRACK_LOADED,
    Events.AUDIO_TRACK_UPDATED,
    Events.SUBTITLE_TRACK_SWITCH,
    Events.SUBTITLE_TRACK_LOADED,
  ] as const;
  // hls.js keeps each key under its URI until it is destroyed.
  const loaded = new Set<string>();
  const keysOf = new WeakMap<LevelDetails, LevelKey[]>();

  const isMissing = (key: LevelKey): boolean => !key.key && !loaded.has(key.uri);
  const isOpen = (details: LevelDetails): boolean => {
    if (details.live) return true;
    let keys = keysOf.get(details);
    if (keys === undefined) keysOf.set(details, (keys = namedKeys(details)));
    return keys.some(isMissing);
  };
  const isNeeded = (): boolean => {
    const { levels, audioTracks, subtitleTracks } = hls;
    const chosen = [levels[hls.manualLevel], audioTracks[hls.audioTrack], subtitleTracks[hls.subtitleTrack]];
    if (!levels.some(({ details }) => details)) return true;
    if (chosen.some((playlist) => playlist?.url && !playlist.details)) return true;
    return [...levels, ...audioTracks, ...subtitleTracks].some(({ details }) => details && isOpen(details));
  };

  const look = (): void => {
    tell(isNeeded());
  };
  const onKey = (_name: unknown, { keyInfo }: KeyLoadedData): void => {
    loaded.add(keyInfo.decryptdata.uri);
    look();
  };
  const onManifest = (): void => {
    loaded.clear();
    tell(true);
  };
  for (const change of changes) hls.on(change, look);
  hls.on(Events.KEY_LOADED, onKey);
  hls.on(Events.MANIFEST_LOADING, onManifest);
  look();
  return () => {
    for (const change of changes) hls.off(change, look);
    hls.off(Events.KEY_LOADED, onKey);
    hls.off(Events.MANIFEST_LOADING, onManifest);
  };
}

/** The keys that a playlist names, each once. */
function namedKeys({ fragments }: LevelDetails): LevelKey[] {
  const keys = new Map<string, LevelKey>();
  for (const { levelkeys, initSegment } of fragments) {
    for (const key of Object.values({ ...initSegment?.levelkeys, ...levelkeys })) {
      if (key?.uri && !keys.has(key.uri)) keys.set(key.uri, key);
    }
  }
  return [...keys.values()];
}
