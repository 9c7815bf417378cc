import { svelte } from '@sveltejs/vite-plugin-svelte'
import { availableParallelism } from 'node:os'
import { configDefaults, defineConfig } from 'vitest/config'

/** Which provider is the fastest can only be told where nothing else computes. */
const alone = ['test/parity/webgpu.test.ts']

export default defineConfig({
  plugins: [svelte()],
  test: {
    // Native modules crash in worker threads.
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/{unit,store,contract,parity}/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...alone],
          // By itself vitest keeps one processor free, which on a machine of two is half of it.
          maxWorkers: Math.max(2, availableParallelism() - 1),
          sequence: { groupOrder: 0 }
        }
      },
      { extends: true, test: { name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 1 } } }
    ]
  }
})
