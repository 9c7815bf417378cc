import { AxeBuilder } from '@axe-core/playwright'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
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
