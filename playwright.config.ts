import { defineConfig } from '@playwright/test'

// The built app in a system Chromium; scripts/with-chromium.mjs finds or installs one.
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  // Every test has an app, a folder and a page of its own.
  fullyParallel: true,
  workers: 2,
  // On a busy shared machine a step may miss its deadline: it is tried once more, and told as flaky.
  retries: process.env.CI ? 1 : 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: process.env.CI ? 'list' : 'line',
  use: {
    viewport: { width: 1280, height: 800 },
    actionTimeout: 15_000,
    trace: 'on-first-retry',
    launchOptions: {
      executablePath: process.env.NOMINA_CHROMIUM,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync'
      ]
    }
  }
})
