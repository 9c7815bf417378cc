/** The first hour in Firefox, by keyboard: sample, five decisions, one taken back, a table. */
import { expect } from '@playwright/test'
import { test } from './app'
import { findFirefox, openFirefox } from './firefox'

test('the browser shell in Firefox: sample, decisions, undo, export', async ({ app }) => {
  const path = findFirefox()
  test.skip(path === null, 'There is no Firefox here: install firefox-esr, or set NOMINA_FIREFOX.')
  test.setTimeout(240_000)
  const firefox = await openFirefox(path!, app.folder)
  try {
    await firefox.go(app.url)
    const focused = (selector: string) =>
      expect.poll(() => firefox.see<boolean>(`document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`), {
        timeout: 60_000
      })
    const foot = () => firefox.see<string>(`document.querySelector('footer')?.textContent ?? ''`)
    await focused('.way.go').toBe(true)
    await firefox.press('Tab', 'Enter')
    await focused('[data-reading-input]').toBe(true)
    // The ink is drawn, and the text stands under it.
    await expect
      .poll(() => firefox.see<number>(`document.querySelector('.paper img')?.naturalWidth ?? 0`))
      .toBeGreaterThan(100)
    const field = () => firefox.see<string>(`document.querySelector('[data-reading-input]').ariaLabel`)
    for (let decided = 1; decided <= 5; decided++) {
      const before = await field()
      await firefox.press('Enter')
      await expect.poll(field).not.toBe(before)
      await expect.poll(foot).toContain(`${decided} of 68`)
    }
    await firefox.press('Control+z')
    await expect.poll(foot).toContain('4 of 68')
    await firefox.press('Alt+b')
    await expect.poll(foot).toContain('5 of 68')
    await firefox.press('Alt+Shift+E')
    await focused('button[type=submit].go').toBe(true)
    await firefox.press('Enter')
    const link = () =>
      firefox.see<string | null>(`document.querySelector('a[href^="exported/"]')?.getAttribute('href') ?? null`)
    await expect.poll(link, { timeout: 30_000 }).not.toBeNull()
    expect(
      await firefox.see<number>(
        `fetch(${JSON.stringify(await link())}).then(async (answer) => (await answer.text()).trim().split('\\n').length)`
      )
    ).toBe(6)
    expect(firefox.complaints).toEqual([])
  } finally {
    await firefox.close()
  }
})
