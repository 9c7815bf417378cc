import { resolve } from 'node:path'
import { defineConfig } from 'vite'

/** The measurements as one Node program in out/bench; packages stay in node_modules. */
export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  build: { ssr: resolve(import.meta.dirname, 'index.ts'), outDir: 'out/bench', emptyOutDir: true, target: 'node22' }
})
