import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

// `ansdev-…` are custom elements, no components of Vue's.
const isCustomElement = (tag) => tag.startsWith("ansdev-");

export default defineConfig({ plugins: [vue({ template: { compilerOptions: { isCustomElement } } })] });
