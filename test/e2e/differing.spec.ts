import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { callCore, copySamples, test } from './app'
import { ListPage } from './pages/list'
import { NamesPage } from './pages/names'
import { ReviewPage } from './pages/review'

/** One sample field, read as DELCOURVE, with a label that says otherwise. */
test('where label and reading differ both stand with the ink, and what accepting takes is marked', async ({
  app,
  page
}) => {
  await page.setViewportSize({ width: 820, height: 760 })
  await page.goto(app.url)
  const labels = join(app.folder, 'labels.csv')
  writeFileSync(labels, 'FILENAME,IDENTITY\nfield-002.jpg,DELCOURBE\n')
  mkdirSync(join(app.folder, 'projects'), { recursive: true })
  await callCore(page, 'project.create', { path: join(app.folder, 'projects', 'one') })
  const columns = { encoding: 'utf-8', delimiter: ',', filenameColumn: 'FILENAME', textColumn: 'IDENTITY' }
  await callCore(page, 'import.start', {
    paths: [join(copySamples(app.folder), 'field-002.jpg')],
    labels: { path: labels, ...columns },
    recognise: true
  })
  await expect
    .poll(async () => (await callCore<{ counts: { differs: number } }>(page, 'project.info', {})).counts.differs, {
      timeout: 60_000
    })
    .toBe(1)

  const list = new ListPage(page)
  await list.open()
  const cells = list.row(1).getByRole('gridcell')
  for (const width of [600, 820, 1280]) {
    await page.setViewportSize({ width, height: 760 })
    const taken = cells.filter({ hasText: 'Accept takes this' })
    await expect(taken).toHaveText(/^DELCOURBE/)
    await expect(taken, `at ${width} px`).toBeInViewport({ ratio: 1 })
    await expect(cells.filter({ hasText: 'DELCOURVE' }), `at ${width} px`).toBeInViewport({ ratio: 1 })
  }
  await page.setViewportSize({ width: 820, height: 760 })

  await new NamesPage(page).open()
  const tile = page.getByRole('grid').getByRole('gridcell')
  await expect(tile).toContainText(/DELCOURVE\s*Accept takes this.*DELCOURBE/)

  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Review' }).click()
  const review = new ReviewPage(page)
  await expect(review.text).toHaveValue('DELCOURVE')
  const read = page.getByRole('button', { name: /^Read DELCOURVE/ })
  const label = page.getByRole('button', { name: /^Label DELCOURBE/ })
  await expect(read).toContainText('Accept takes this')
  await expect(label).not.toContainText('Accept takes this')
  for (const width of [600, 700, 820]) {
    await page.setViewportSize({ width, height: 760 })
    for (const choice of [read, label]) {
      const words = choice.locator('.words')
      await expect(words, `at ${width} px`).toBeInViewport({ ratio: 1 })
      expect(await words.evaluate((element) => element.scrollWidth - element.clientWidth), 'nothing is cut off').toBe(0)
    }
  }
  await label.click()
  await expect(review.text).toHaveValue('DELCOURBE')
  await expect(label).toContainText('Accept takes this')
  await expect(read).not.toContainText('Accept takes this')
  await review.expectFocus()
  await review.press('Enter')
  await expect(page.getByRole('contentinfo')).toContainText('1 of 1')
  const { rows } = await callCore<{ rows: { status: string }[] }>(page, 'fields.rows', { ids: [1] })
  expect(rows[0]!.status, 'relative to what was shown').toBe('corrected')
})
