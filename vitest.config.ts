import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [svelte()],
  test: {
    // Native modules crash in worker threads.
    pool: 'forks',
    include: ['test/{unit,store,contract,parity}/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000
  }
})
