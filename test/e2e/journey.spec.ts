import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { copySamples, readTable, sampleTruth, test } from './app'
import { ReviewPage } from './pages/review'

test('a folder of scans with doubtful labels in, a corrected CSV out', async ({ app, page }) => {
  test.setTimeout(240_000)
  const scans = copySamples(app.folder)
  writeFileSync(join(scans, 'broken.jpg'), 'not an image')
  const truth = sampleTruth()
  await page.goto(app.url)

  // Import, with the labels file that lies beside the scans.
  await page.getByRole('button', { name: /New project from a folder/ }).click()
  await expect(page.getByRole('listbox', { name: /^Folders in/ })).toBeVisible()
  await page.getByRole('textbox', { name: 'Path of the folder' }).fill(scans)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Choose “school scans”' }).click()
  const dialog = page.getByRole('dialog', { name: 'New project' })
  await expect(dialog).toContainText('All 68 rows name a file found here')
  await dialog.getByRole('button', { name: 'Import and read' }).click()
  await expect(page.getByRole('main')).toContainText('broken.jpg', { timeout: 60_000 })
  await page
    .getByRole('button', { name: /^Review/ })
    .last()
    .click()

  // Review: every field by keyboard, as a person who sees what it says.
  const review = new ReviewPage(page)
  await expect(review.text).toBeVisible({ timeout: 60_000 })
  await review.orderBy('In file order')
  await expect.poll(() => review.file()).toMatch(/broken\.jpg|field-001\.jpg/)
  for (let n = 0; n < 69; n++) {
    const text = truth.get(await review.file())
    await review.expectFocus()
    await review.andGoOn(async () => {
      if (text === undefined) return review.press('ArrowDown')
      if (text === 'EMPTY') return review.press('Alt+b')
      if (text === 'UNREADABLE') return review.press('Alt+x')
      if ((await review.text.inputValue()) !== text) await review.write(text)
      await review.press('Enter')
    })
    if (text !== undefined && n >= 68) break
    if ((await review.text.count()) === 0) break
  }
  await review.expectDone(68, 69)

  // Export: what is written is what was decided, byte for byte.
  const out = join(app.folder, 'clean.csv')
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Export' }).click()
  await page.getByRole('textbox', { name: 'Folder' }).fill(app.folder)
  await page.getByRole('textbox', { name: 'File name' }).fill('clean.csv')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('region', { name: 'Preview' })).toContainText('clean.csv')
  await page.getByRole('button', { name: 'Write 68 rows' }).click()
  await expect.poll(() => existsSync(out), { timeout: 20_000 }).toBe(true)
  const expected = ['FILENAME,IDENTITY', ...[...truth].map(([file, text]) => `${file},${text}`), ''].join('\n')
  expect(readFileSync(out, 'utf8').replaceAll('\r\n', '\n')).toBe(expected)
  expect(readTable(out)).toHaveLength(68)
})
