import { svelte } from '@sveltejs/vite-plugin-svelte'
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [svelte()],
  test: {
    // Native modules crash in worker threads.
    pool: 'forks',
    // By itself vitest keeps one processor free, which on a machine of two is half of it.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    include: ['test/{unit,store,contract,parity}/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000
  }
})
