/** axe finds nothing in any view: both themes, both languages, and at 200 %. */
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { callCore, test } from './app'
import en from '../../src/renderer/src/i18n/en/common.json' with { type: 'json' }
import fr from '../../src/renderer/src/i18n/fr/common.json' with { type: 'json' }

const words = { en, fr }
type Language = keyof typeof words

async function expectNothing(page: Page, where: string): Promise<void> {
  // Half-shown is not yet what it will be.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null)))
  )
  const { violations } = await new AxeBuilder({ page }).analyze()
  const said = violations.map(
    ({ id, impact, nodes }) => `${id} (${impact}): ${nodes.map(({ html }) => html).join(' | ')}`
  )
  expect.soft(said, where).toEqual([])
}

/** Each language, theme and size once. 200 % of a window of 1280 × 800 px: half as many px of the page. */
const looks: { language: Language; colorScheme: 'light' | 'dark'; zoom: 1 | 2 }[] = [
  { language: 'en', colorScheme: 'light', zoom: 1 },
  { language: 'fr', colorScheme: 'dark', zoom: 2 }
]

for (const { language, colorScheme, zoom } of looks) {
  test(`axe finds nothing in any view: ${language}, ${colorScheme}, ${100 * zoom} %`, async ({ app, browser }) => {
    test.setTimeout(240_000)
    const context = await browser.newContext({
      colorScheme,
      locale: { en: 'en-GB', fr: 'fr-FR' }[language],
      viewport: { width: 1280 / zoom, height: 800 / zoom },
      deviceScaleFactor: zoom,
      reducedMotion: 'reduce'
    })
    const page = await context.newPage()
    const { views, viewsLabel } = words[language]
    const go = async (view: keyof typeof views): Promise<void> => {
      const rail = page.getByRole('navigation', { name: viewsLabel })
      await rail.getByRole('button', { name: views[view], exact: true }).click()
      await expect(page.locator('#main h1')).toBeAttached()
      await page.waitForLoadState('networkidle')
    }
    await page.goto(app.url)
    await expect(page.locator('.way.go')).toBeVisible()
    await expectNothing(page, 'home')
    // Both kinds of projects: forms have pages, and fields with names.
    await callCore(page, 'project.openSample', { sample: 'forms' })
    await page.reload()
    await go('review')
    await expect(page.locator('[data-reading-input]')).toBeVisible({ timeout: 90_000 })
    await expectNothing(page, 'review')
    await page.keyboard.press('Enter')
    await page.keyboard.press('F1')
    await expect(page.getByRole('dialog')).toBeVisible()
    await expectNothing(page, 'keys')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toBeHidden()
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('dialog')).toBeVisible()
    await expectNothing(page, 'palette')
    await page.keyboard.press('Escape')
    for (const view of ['names', 'list', 'pages', 'team', 'import', 'learning', 'models', 'export'] as const) {
      await go(view)
      await expectNothing(page, view)
    }
    await go('pages')
    await expect(page.locator('[role=listbox].wall')).toBeFocused()
    await expect(page.locator('[role=listbox].wall').getByRole('option').first()).toBeVisible()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { level: 1 })).toContainText('form-01')
    await expectNothing(page, 'page')
    await go('data')
    for (const tab of [1, 2, 3, 4, 5]) {
      await page.keyboard.press(`Alt+${tab}`)
      await page.waitForLoadState('networkidle')
      await expectNothing(page, `data ${tab}`)
    }
    await page.getByRole('button', { name: words[language].top.home }).click()
    await expectNothing(page, 'home again')
    await context.close()
  })
}
