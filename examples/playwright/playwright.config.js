import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  webServer: { command: "npm run dev", url: "http://127.0.0.1:43173" },
  use: {
    baseURL: "http://127.0.0.1:43173",
    launchOptions: { args: ["--autoplay-policy=no-user-gesture-required"] },
  },
});
