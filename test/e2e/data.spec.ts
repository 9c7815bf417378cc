import { AxeBuilder } from '@axe-core/playwright'
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { type App, test, callCore } from './app'

const root = join(import.meta.dirname, '../..')
/** Made-up names on sample scans that are read without a fault. */
const names = { 'field-013.jpg': 'FONTALBAN', 'field-016.jpg': 'LAVANDRET' }

/** Six scans of each name; half of them labelled, one label of each name wrong. */
async function openData(app: App, page: Page): Promise<void> {
  const scans = join(app.folder, 'scans')
  const project = join(app.folder, 'project')
  mkdirSync(scans)
  const labels = ['FILENAME,IDENTITY']
  for (const [sample, name] of Object.entries(names)) {
    for (let number = 1; number <= 6; number++) {
      const file = `${name[0]!.toLowerCase()}${number}.jpg`
      copyFileSync(join(root, `resources/samples/fields/${sample}`), join(scans, file))
      if (number <= 3) labels.push(`${file},${number === 2 ? 'SOMEBODY' : name}`)
    }
  }
  writeFileSync(join(scans, 'labels.csv'), `${labels.join('\n')}\n`)
  const program = [join(root, 'scripts/nomina.mjs'), 'import', project, scans]
  execFileSync(process.execPath, [...program, '--recognise', '--labels', join(scans, 'labels.csv')], {
    env: { ...process.env, NOMINA_HOME: join(app.folder, 'home') },
    stdio: 'ignore'
  })
  await page.goto(app.url)
  await callCore(page, 'project.open', { path: project })
  await page.reload()
  await goToData(page)
}

const goToData = (page: Page): Promise<void> =>
  page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Data' }).click()

const press = async (page: Page, ...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}

const expectDecided = (page: Page, decided: number): Promise<void> =>
  expect(page.getByRole('contentinfo')).toContainText(`${decided} of 12`)

test('suspects are kept and taken by keyboard, undone, and looked at in Review', async ({ app, page }) => {
  await openData(app, page)
  await page.getByRole('tab', { name: 'Overview' }).focus()
  await press(page, 'ArrowRight')
  await expect(page.getByRole('tab', { name: 'Suspect labels' })).toBeFocused()
  await page.getByRole('button', { name: 'Look for wrong labels' }).press('Enter')
  const list = page.getByRole('listbox', { name: /Suspect labels/ })
  await expect(list).toBeFocused()
  const rows = list.getByRole('option')
  await expect(rows).toHaveCount(2)
  for (const row of await rows.all())
    await expect(row).toHaveAccessibleName(/label SOMEBODY, read (FONTALBAN|LAVANDRET)/)

  await press(page, 'r')
  await expectDecided(page, 1)
  await expect(rows.first()).toHaveAccessibleName(/now (FONTALBAN|LAVANDRET)/)
  await press(page, 'k')
  await expectDecided(page, 2)
  await expect(rows.nth(1)).toHaveAccessibleName(/label kept/)
  await expect(page.getByText('2 decided here, 0 left')).toBeVisible()
  await press(page, 'Control+z')
  await expectDecided(page, 1)
  await expect(rows.nth(1)).not.toHaveAccessibleName(/kept/)
  await press(page, 'Enter')
  await expect(page.getByRole('textbox', { name: /^Reading of [fl]2\.jpg/ })).toBeVisible()

  await goToData(page)
  await press(page, 'Alt+5')
  await page.getByRole('button', { name: /^Undo 1 act/ }).press('Enter')
  await expectDecided(page, 0)
})

test('a chart leads down to its fields, and its figures can be saved', async ({ app, page }) => {
  await openData(app, page)
  const chart = page.getByRole('region', { name: 'Most frequent labels' })
  await expect(chart.locator('svg')).toBeVisible()
  await chart.getByRole('button', { name: 'Table' }).press('Enter')
  const saving = page.waitForEvent('download')
  await chart.getByRole('button', { name: 'Save Most frequent labels as CSV' }).press('Enter')
  expect((await saving).suggestedFilename()).toMatch(/Most frequent labels\.csv$/)
  for (const format of ['PNG', 'SVG']) {
    const picture = page.waitForEvent('download')
    await chart.getByRole('button', { name: `Save Most frequent labels as ${format}` }).click()
    expect((await picture).suggestedFilename()).toMatch(new RegExp(`\\.${format.toLowerCase()}$`))
  }
  await chart.getByRole('button', { name: 'FONTALBAN' }).press('Enter')
  await expect(page.getByRole('button', { name: 'Label FONTALBAN' })).toBeVisible()
  await expect(page.getByRole('grid', { name: 'Fields' })).toHaveAttribute('aria-rowcount', '6')

  await goToData(page)
  // The first bar of the drawing itself: SOMEBODY has two fields, the others five.
  const box = (await chart.locator('svg').boundingBox())!
  await page.mouse.click(box.x + box.width / 2, box.y + 12)
  await expect(page.getByRole('grid', { name: 'Fields' })).toHaveAttribute('aria-rowcount', '6')
})

test('a rule is applied on a sample checked blind, and taken back as one; axe finds nothing serious', async ({
  app,
  page
}) => {
  await openData(app, page)
  await press(page, 'Alt+4')
  await expect(page.getByText('No rule has been applied.')).toBeVisible()
  await page.getByLabel('Fields to draw').fill('3')
  await page.getByRole('button', { name: 'Draw a sample' }).click()
  await page.getByRole('button', { name: 'Check 3 fields' }).click()
  const text = page.getByRole('textbox', { name: 'Text in the field' })
  for (let left = 3; left > 0; left--) {
    await expect(page.getByText(`${3 - left} checked, ${left} left`)).toBeVisible()
    await expect(text).toBeFocused()
    await expect(page.getByRole('main')).not.toContainText('%')
    await press(page, 'Enter')
  }
  await page.getByRole('button', { name: 'Back to the figures' }).click()
  await page.getByText('As estimated').click()
  const apply = page.getByRole('button', { name: /^Accept \d+ fields$/ })
  await expect(apply).toBeEnabled()
  await page.getByRole('slider', { name: 'Promised accuracy' }).press('ArrowRight')
  await expect(page.getByRole('slider')).toHaveAttribute('aria-valuetext', /99\.1/)
  await apply.click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('marked as the machine’s decisions')
  await dialog.getByRole('button', { name: /^Accept/ }).click()
  await expect(page.getByText(/fields? at 99\.1/)).toBeVisible()
  await expect(page.getByText(/^Audit: /)).toBeVisible()
  await expect(page.getByRole('contentinfo')).not.toContainText('3 of 12')
  await page.getByRole('button', { name: 'Take all back' }).click()
  await expectDecided(page, 3)
  await expect(page.getByText('taken back', { exact: true })).toBeVisible()

  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const tab of ['Overview', 'Suspect labels', 'Confidence', 'Target accuracy', 'History']) {
      await page.getByRole('tab', { name: tab }).click()
      await expect(page.getByRole('tabpanel', { name: tab })).not.toBeEmpty()
      await page.waitForTimeout(300)
      const { violations } = await new AxeBuilder({ page }).analyze()
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      expect(serious.map(({ id, nodes }) => `${tab}: ${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
    }
  }
})
