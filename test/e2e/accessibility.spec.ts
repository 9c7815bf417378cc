import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { test } from './app'

async function expectNothingSerious(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  const said = serious.map(({ id, nodes }) => `${where}: ${id}: ${nodes.map((node) => node.html).join(' | ')}`)
  expect(said).toEqual([])
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious in any view, ${colorScheme}`, async ({ app, browser }) => {
    const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 800 } })
    const page = await context.newPage()
    await page.goto(app.url)
    await expect(page.getByRole('button', { name: /Try the sample/ })).toBeVisible()
    await expectNothingSerious(page, 'home')
    await page.getByRole('button', { name: /Try the sample/ }).click()
    await expect(page.getByRole('textbox', { name: /^Reading of / })).toBeVisible({ timeout: 60_000 })
    await expectNothingSerious(page, 'review')
    await page.keyboard.press('F1')
    await expect(page.getByRole('dialog')).toBeVisible()
    await expectNothingSerious(page, 'keys')
    await page.keyboard.press('Escape')
    for (const view of ['List', 'Pages', 'Import', 'Learning', 'Readers', 'Export']) {
      await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: view }).click()
      await expect(page.getByRole('main')).not.toBeEmpty()
      await page.waitForTimeout(300)
      await expectNothingSerious(page, view)
    }
    await context.close()
  })
}
