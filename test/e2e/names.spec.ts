import { AxeBuilder } from '@axe-core/playwright'
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { type App, test, callCore } from './app'
import { NamesPage } from './pages/names'

const root = join(import.meta.dirname, '../..')

/** Six scans of one name and three of another, made-up ones; one of the first was labelled as something else. */
async function openProject(app: App, page: Page): Promise<NamesPage> {
  const scans = join(app.folder, 'scans')
  const project = join(app.folder, 'project')
  mkdirSync(scans)
  const copy = (sample: string, name: string): void =>
    copyFileSync(join(root, `resources/samples/fields/${sample}`), join(scans, name))
  for (let number = 1; number <= 6; number++) copy('field-013.jpg', `a${number}.jpg`)
  for (let number = 1; number <= 3; number++) copy('field-016.jpg', `b${number}.jpg`)
  writeFileSync(join(scans, 'labels.csv'), 'FILENAME,IDENTITY\na5.jpg,SOMEBODY\n')
  const program = [join(root, 'scripts/nomina.mjs'), 'import', project, scans]
  execFileSync(process.execPath, [...program, '--recognise', '--labels', join(scans, 'labels.csv')], {
    env: { ...process.env, NOMINA_HOME: join(app.folder, 'home') },
    stdio: 'ignore'
  })
  await page.goto(app.url)
  await callCore(page, 'project.open', { path: project })
  await page.reload()
  const names = new NamesPage(page)
  await names.open()
  return names
}

test('a group is confirmed but for the wrong one and the corrected one, undone, and confirmed again', async ({
  app,
  page
}) => {
  const names = await openProject(app, page)
  await names.expectGroup('FONTALBAN', 6)
  await names.expectAt(1)
  // Worst fit first: the one whose label says otherwise.
  await expect(names.grid.getByRole('gridcell').first()).toHaveAccessibleName(/imported label SOMEBODY.*a5\.jpg/)
  await expect(page.getByText('1 needs a look')).toBeVisible()

  await names.press('x')
  await expect(names.grid.getByRole('gridcell').first()).toHaveAccessibleName(/taken out/)
  await names.expectAt(2)
  await names.press('F2')
  await page.keyboard.type('fontalbau')
  await names.press('Enter')
  await expect(names.grid.getByRole('gridcell').nth(1)).toHaveAccessibleName(/FONTALBAU/)
  await names.expectDone(1, 9)
  await names.expectAt(3)

  await names.press('Space')
  await expect(page.getByRole('dialog')).toContainText('FONTALBAN, 3 of 6')
  await names.press('ArrowRight')
  await expect(page.getByRole('dialog')).toContainText('FONTALBAN, 4 of 6')
  await names.press('Space')
  await names.expectAt(4)
  await names.press('Space', 'ArrowLeft', 'F2')
  await expect(page.getByRole('textbox', { name: 'Text of a2.jpg' })).toBeFocused()
  await names.press('Escape')
  await names.expectAt(3)

  await expect(page.getByRole('button', { name: /^Confirm 4/ })).toBeVisible()
  await names.press('Enter')
  await names.expectGroup('LAVANDRET', 3)
  await names.expectAt(1)
  await names.expectDone(5, 9)
  await expect(page.getByRole('option', { name: /FONTALBAN, 1 field, done/ })).toBeVisible()

  await names.press('Control+z')
  await names.expectGroup('FONTALBAN', 5)
  await names.expectDone(1, 9)
  await names.press('Enter')
  await names.expectGroup('LAVANDRET', 3)
  await names.expectDone(5, 9)
  await names.press('Enter')
  await expect(page.getByRole('heading', { name: 'All these names are done' })).toBeVisible()
  await names.expectDone(8, 9)
})

test('arrow keys lead in both directions, names are found, and nothing serious is found by axe', async ({
  app,
  page
}) => {
  const names = await openProject(app, page)
  await names.expectGroup('FONTALBAN', 6)
  await names.press('ArrowRight', 'ArrowDown')
  await names.expectAt(6)
  await names.press('Home')
  await names.expectAt(1)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const { violations } = await new AxeBuilder({ page }).analyze()
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
  }
  await names.press('/')
  await page.keyboard.type('lavandré')
  await names.expectGroup('LAVANDRET', 3)
  await names.press('Enter')
  await names.expectAt(1)
  await names.press('Control+f')
  await page.keyboard.type('nobody')
  await expect(page.getByRole('heading', { name: /No name has .nobody. in it/ })).toBeVisible()
})
