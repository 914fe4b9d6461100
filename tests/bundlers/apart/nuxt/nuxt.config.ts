export default defineNuxtConfig({
  compatibilityDate: "2026-01-01",
  telemetry: false,
  // The newest cssnano needs Node 22.
  postcss: { plugins: { cssnano: false } },
});
