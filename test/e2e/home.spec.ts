/** The project that one comes back to, as far as it is known how it stands. */
import { expect, type Locator, type Page } from '@playwright/test'
import { test } from './app'

const box = async (of: Locator) => (await of.boundingBox())!

/** px that the card is emptier above its words than below them. */
async function unevenness(card: Locator): Promise<number> {
  const [outside, first, last] = [await box(card), await box(card.getByRole('heading')), await box(card.locator('p, .bar').last())] // prettier-ignore
  return Math.abs(first.y - outside.y - (outside.y + outside.height - last.y - last.height))
}

async function home(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Review', exact: true }).click()
  await page.getByRole('button', { name: 'Nomina, projects' }).click()
  return page.getByRole('region', { name: 'Sample' })
}

test('the card is as tall and as even whether it is known, not yet, or not at all', async ({ app, page }) => {
  await page.goto(app.url)
  await page.getByRole('button', { name: /Try the sample/ }).click()
  await expect(page.getByRole('textbox', { name: /^Reading of / })).toBeVisible({ timeout: 60_000 })
  const standing = '**/api/project.standing'
  const card = await home(page)
  await expect(card).toContainText('fields left')
  const { height } = await box(card)
  expect(await unevenness(card)).toBeLessThan(12)
  for (const answer of [null, 'none'] as const) {
    await page.route(standing, (route) => (answer === null ? route.fulfill({ json: { ok: true, value: null } }) : undefined)) // prettier-ignore
    await home(page)
    await expect(card).toContainText(/Last opened today/)
    expect(await unevenness(card)).toBeLessThan(12)
    expect((await box(card)).height).toBe(height)
    await page.unrouteAll({ behavior: 'ignoreErrors' })
  }
})
