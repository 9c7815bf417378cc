import { svelte } from '@sveltejs/vite-plugin-svelte'
import { resolve } from 'node:path'
import { defineConfig } from 'electron-vite'

// One Node build holds both shells, the command line and the processes of recognition, pages and migrations; dependencies stay in node_modules.
const entry = (path: string): string => resolve(import.meta.dirname, path)

export default defineConfig({
  main: {
    build: {
      externalizeDeps: true,
      rollupOptions: {
        input: {
          index: entry('src/main/index.ts'),
          cli: entry('src/cli/index.ts'),
          engine: entry('src/reading/engine/engine.ts'),
          pages: entry('src/reading/pages/process/worker.ts'),
          migrator: entry('src/core/store/migrator.ts'),
          checkpointer: entry('src/core/store/checkpointer.ts')
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' }
      }
    }
  },
  preload: {
    build: {
      externalizeDeps: false,
      rollupOptions: {
        input: { index: entry('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' }
      }
    }
  },
  renderer: {
    root: entry('src/renderer'),
    plugins: [svelte()],
    // A browser reads and compiles half as much before it shows anything.
    build: { minify: true, rollupOptions: { input: entry('src/renderer/index.html') } }
  }
})
