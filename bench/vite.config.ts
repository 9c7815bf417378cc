import { resolve } from 'node:path'
import { defineConfig } from 'vite'

const entry = (name: string): string => resolve(import.meta.dirname, name)

/** The measurements as Node programs in out/bench; packages stay in node_modules. */
export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  build: {
    ssr: true,
    outDir: 'out/bench',
    emptyOutDir: true,
    target: 'node22',
    rollupOptions: {
      input: { index: entry('index.ts'), 'forms-worker': entry('forms/worker.ts') },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' }
    }
  }
})
