/** The look of `<ansdev-player>`. Media Chrome's own custom properties (`--media-…`) work as well. */
export const STYLE = `
  :host {
    display: block;
    position: relative;
    aspect-ratio: 16 / 9;
    container: ansdev-player / inline-size;
    overflow: hidden;
    background: #000;
    color: var(--ansdev-player-color, #fff);
    font-family: var(--ansdev-player-font, system-ui, sans-serif);
    --media-font-family: var(--ansdev-player-font, system-ui, sans-serif);
    --media-primary-color: var(--ansdev-player-color, #fff);
    --media-secondary-color: transparent;
    --media-control-hover-background: rgb(255 255 255 / 0.18);
    --media-control-background: transparent;
    --media-range-bar-color: var(--ansdev-player-accent, #6d8dff);
    --media-menu-background: var(--ansdev-player-surface, rgb(18 20 26 / 0.94));
    --media-menu-border-radius: 8px;
    --media-focus-box-shadow: inset 0 0 0 2px var(--ansdev-player-accent, #6d8dff);
    --media-tooltip-background: var(--ansdev-player-surface, rgb(18 20 26 / 0.94));
  }
  /* Of one that has only a height the width follows from the shape. */
  :host([height]:not([width])) { display: inline-block; }
  :host([hidden]) { display: none; }
  media-controller, ansdev-video { display: block; width: 100%; height: 100%; }
  media-time-range {
    width: 100%;
    height: 26px;
    padding: 0 12px;
    --media-range-track-height: 4px;
    --media-range-track-border-radius: 2px;
    --media-range-thumb-background: var(--ansdev-player-accent, #6d8dff);
    background: linear-gradient(transparent, rgb(0 0 0 / 0.55));
  }
  media-control-bar {
    width: 100%;
    padding: 0 4px 4px;
    background: linear-gradient(rgb(0 0 0 / 0.55), rgb(0 0 0 / 0.75));
  }
  media-poster-image[hidden] { display: none; }
  [part~="menu"] { z-index: 2; }
  [part~="button"] { padding: 9px; border-radius: 6px; }
  [part="spacer"] { flex: 1; }
  media-volume-range { width: 84px; }
  media-rendition-menu-button[mediarenditionunavailable],
  media-captions-menu-button:not([mediasubtitleslist]),
  media-pip-button[mediapipunavailable],
  :host([disablepictureinpicture]) media-pip-button,
  :host([disableremoteplayback]) media-airplay-button,
  :host([controlslist~="noremoteplayback"]) media-airplay-button,
  :host([controlslist~="noplaybackrate"]) media-playback-rate-menu-button,
  :host([controlslist~="nofullscreen"]) media-fullscreen-button,
  media-airplay-button[hidden],
  media-airplay-button[mediaairplayunavailable],
  media-fullscreen-button[mediafullscreenunavailable] { display: none; }
  @container ansdev-player (width < 560px) {
    media-seek-backward-button, media-seek-forward-button, media-volume-range { display: none; }
  }
  @container ansdev-player (width < 380px) {
    media-playback-rate-menu-button, media-time-display { display: none; }
  }
  [part="message"] {
    position: absolute;
    inset: 0;
    z-index: 10;
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 16px;
    padding: 24px;
    text-align: center;
    text-wrap: balance;
    font-size: 1.05rem;
    line-height: 1.4;
    background: rgb(8 10 14 / 0.86);
  }
  [part="message"][hidden] { display: none; }
  [part="message-text"] { margin: 0; }
  [part="retry"] {
    font: inherit;
    font-weight: 600;
    min-height: 44px;
    padding: 8px 20px;
    color: #0b0d12;
    background: var(--ansdev-player-color, #fff);
    border: 0;
    border-radius: 8px;
    cursor: pointer;
  }
  [part="retry"]:focus-visible { outline: 3px solid var(--ansdev-player-accent, #6d8dff); outline-offset: 3px; }
`;
