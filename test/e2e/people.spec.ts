import { AxeBuilder } from '@axe-core/playwright'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, type Locator, type Page } from '@playwright/test'
import { encode } from 'uqr'
import { type App, callCore, copySamples, test } from './app'

const root = join(import.meta.dirname, '../..')

/** Three decided fields, whose texts are `texts`. */
async function decided(app: App, page: Page, texts: string[]): Promise<void> {
  const project = join(app.folder, 'project')
  const program = [join(root, 'scripts/nomina.mjs'), 'import', project, copySamples(app.folder)]
  const env = { ...process.env, NOMINA_HOME: join(app.folder, 'home') }
  execFileSync(process.execPath, program, { env, stdio: 'ignore' })
  await page.goto(app.url)
  await callCore<{ ids: number[] }>(page, 'project.open', { path: project })
  const { ids } = await callCore<{ ids: number[] }>(page, 'fields.ids', { filter: {}, order: 'file' })
  for (const [index, text] of texts.entries())
    await callCore<{ ids: number[] }>(page, 'review.decide', { ids: [ids[index]], kind: 'corrected', text })
  await page.reload()
}

test('decisions are keyed again blind, differences settled, agreement told: by keyboard', async ({ app, page }) => {
  await decided(app, page, ['ALPHA', 'ALPHA', 'ALPHA'])
  await page.getByRole('button', { name: 'People' }).click()
  await page.getByRole('button', { name: 'Start a round' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('First check')
  await page.getByText('A number').click()
  await page.getByLabel('Number of fields').fill('3')
  await page.keyboard.press('Enter')
  await expect(page.getByText('0 of 3 keyed')).toBeVisible()
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])

  await page.getByRole('button', { name: 'Key your own 3 fields again' }).click()
  await expect(page.getByLabel('What is written here')).toBeFocused()
  // Blind: neither the label nor a reading is on the page.
  await expect(page.getByText('ALPHA')).toHaveCount(0)
  await page.keyboard.type('ALPHA')
  await page.keyboard.press('Enter')
  await expect(page.getByText('2 fields left').first()).toBeVisible()
  await page.keyboard.type('BETA')
  await page.keyboard.press('Enter')
  await expect(page.getByText('1 field left').first()).toBeVisible()
  await page.keyboard.press('Alt+b')
  await expect(page.getByRole('heading', { name: 'All keyed' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByText('3 of 3 keyed')).toBeVisible()
  await expect(page.getByText('1 of 3', { exact: true })).toBeVisible()

  await page.getByRole('button', { name: 'Settle 2 differences' }).click()
  await expect(page.getByRole('button', { name: /BETA/ })).toBeVisible()
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await page.keyboard.press('2')
  await expect(page.getByRole('button', { name: /blank/ }).first()).toBeVisible()
  await page.keyboard.press('1')
  await expect(page.getByRole('heading', { name: 'No difference is open' })).toBeVisible()
  const { ids } = await callCore<{ ids: number[] }>(page, 'fields.ids', {
    filter: { status: 'decided', text: 'BETA' },
    order: 'file'
  })
  expect(ids).toHaveLength(1)
})

test('a reviewer is invited by a link and its QR code, comes in by it, and is out when it is taken back', async ({
  app,
  page,
  context,
  browser
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await decided(app, page, [])
  await page.getByRole('button', { name: 'People' }).click()
  await page.getByRole('button', { name: 'Invite' }).click()
  await expect(page.getByLabel('Their name')).toBeFocused()
  await page.keyboard.type('Ben')
  await page.keyboard.press('Enter')
  const link = await page.getByLabel('Link of Ben', { exact: true }).inputValue()
  expect(await shownDots(page.getByRole('img', { name: 'The link of Ben as a QR code' }).locator('path'))).toEqual(
    encode(link, { border: 2 }).data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`${x} ${y}`] : [])))
  )
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await page.getByRole('button', { name: 'Copy the link' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link)
  await page.keyboard.press('Escape')

  const guest = await (await browser.newContext()).newPage()
  await guest.goto(link)
  await expect(guest.getByRole('textbox', { name: /^Reading of / })).toBeFocused()
  await guest.keyboard.type('BEN')
  await guest.keyboard.press('Enter')
  await expect(guest.getByText('1 of 68')).toBeVisible()
  await guest.getByRole('button', { name: 'People' }).click()
  await expect(guest.getByRole('rowheader', { name: /^Ben here/ })).toBeVisible()
  await expect(guest.getByRole('button', { name: 'Invite' })).toHaveCount(0)

  const row = page.getByRole('rowheader', { name: /^Ben here/ })
  await expect(row).toBeVisible()
  await row.getByRole('button', { name: 'Link' }).click()
  await expect(page.getByLabel('Link of Ben', { exact: true })).toHaveValue(link)
  await page.getByRole('button', { name: 'Take the link back' }).click()
  await expect(page.getByRole('button', { name: 'Link', exact: true })).toHaveCount(0)
  expect((await guest.goto(link))!.status()).toBe(401)
})

/** Where a code is dark: `x y` of each square. */
const shownDots = async (path: Locator): Promise<string[]> =>
  [...(await path.getAttribute('d'))!.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => `${x} ${y}`)
