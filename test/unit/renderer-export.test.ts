import { describe, expect, it } from 'vitest'
import {
  defaultChoice,
  fittingName,
  joinPath,
  shellQuoted,
  splitPath,
  splitProblem,
  startOf,
  toOptions,
  trainingCommand,
  whatIsWrong
} from '../../src/renderer/src/views/export/options'
import { describeFilter } from '../../src/renderer/src/views/export/words'
import { charsetSummary, metricGroups } from '../../src/renderer/src/views/models/metrics'

const choice = { ...defaultChoice, folder: '/home/ada', name: 'forms' }

describe('the choice of an export', () => {
  it('becomes a file, or a folder where there are several files', () => {
    expect(toOptions(choice, undefined, false).out).toBe('/home/ada/forms.csv')
    expect(toOptions({ ...choice, name: 'forms.CSV' }, undefined, false).out).toBe('/home/ada/forms.csv')
    expect(toOptions({ ...choice, name: 'forms.csv', split: true }, undefined, false).out).toBe('/home/ada/forms')
    expect(toOptions({ ...choice, folder: 'C:\\Data\\' }, undefined, false).out).toBe('C:\\Data\\forms.csv')
  })

  it('writes records to one workbook or CSV file, whole, with the columns that are wanted', () => {
    const records = { ...choice, ...startOf('records'), crops: true, split: true, state: true, spreadsheetSafe: true }
    expect(toOptions(records, { status: 'blank' }, false)).toEqual({
      out: '/home/ada/forms.xlsx',
      format: 'records',
      rows: 'all',
      details: ['state'],
      unreadable: 'mark',
      crops: false,
      split: null,
      spreadsheetSafe: false,
      overwrite: false
    })
    const csv = toOptions({ ...records, file: 'csv', rows: 'filter' }, { status: 'blank' }, false)
    expect(csv).toMatchObject({ out: '/home/ada/forms.csv', rows: 'all', spreadsheetSafe: true })
    expect(csv.filter).toBeUndefined()
  })

  it('writes pages to a folder', () => {
    expect(toOptions({ ...choice, ...startOf('alto'), crops: true }, undefined, false)).toMatchObject({
      out: '/home/ada/forms',
      rows: 'all',
      crops: false
    })
    expect(startOf('training').rows).toBe('decided')
  })

  it('takes the filter only where rows are chosen by it, and the split only where it is on', () => {
    const filter = { status: 'blank' as const }
    expect(toOptions(choice, filter, false).filter).toBeUndefined()
    expect(toOptions({ ...choice, rows: 'filter' }, filter, true)).toMatchObject({
      filter,
      overwrite: true,
      split: null
    })
    expect(toOptions({ ...choice, split: true }, undefined, false).split).toEqual({
      train: 80,
      validation: 10,
      test: 10
    })
  })

  it('says what is not right with it', () => {
    expect(whatIsWrong(choice)).toBeNull()
    expect(whatIsWrong({ ...choice, folder: ' ' })).toContain('folder')
    expect(whatIsWrong({ ...choice, folder: 'exports' })).toContain('whole path')
    expect(whatIsWrong({ ...choice, name: '.csv' })).toContain('name')
    expect(whatIsWrong({ ...choice, name: 'a/b' })).toContain('/')
    expect(whatIsWrong({ ...choice, split: true, train: 90 })).toContain('110')
  })

  it('wants parts that are whole numbers and add up to 100, with something to train on', () => {
    expect(splitProblem({ train: 80, validation: 20, test: 0 })).toBeNull()
    expect(splitProblem({ train: 79.5, validation: 20.5, test: 0 })).toContain('whole')
    expect(splitProblem({ train: -10, validation: 100, test: 10 })).toContain('0 to 100')
    expect(splitProblem({ train: NaN, validation: 50, test: 50 })).toContain('whole')
    expect(splitProblem({ train: 0, validation: 50, test: 50 })).toContain('train')
  })

  it('takes paths apart and puts them together', () => {
    expect(splitPath('/a/b.csv')).toEqual({ folder: '/a', name: 'b.csv' })
    expect(splitPath('/b.csv')).toEqual({ folder: '/', name: 'b.csv' })
    expect(splitPath('C:\\x\\b.csv')).toEqual({ folder: 'C:\\x', name: 'b.csv' })
    expect(joinPath('/', 'b')).toBe('/b')
    expect(fittingName('', 'csv')).toBe('')
  })
})

describe('the command line to train with', () => {
  it('names labels and pictures, quoted where a shell would cut them', () => {
    const command = trainingCommand(["/home/ada/it's mine/train.csv", '/home/ada/it/test.csv'], false, ['/scans'])
    expect(command).toContain(`'data.labels=/home/ada/it'\\''s mine/train.csv'`)
    expect(command).toContain('--set data.images=/scans')
    expect(trainingCommand(['/x/labels.csv', '/x/crops'], true, [])).toContain('data.images=/x')
    expect(trainingCommand(['/x/labels.csv'], false, [])).toBeNull()
    expect(shellQuoted('a b')).toBe("'a b'")
  })
})

describe('words for a filter', () => {
  it('say everything that it holds', () => {
    expect(describeFilter({})).toBe('all fields')
    expect(describeFilter({ status: 'undecided', differs: true, maxConfidence: 0.5, search: 'lef' })).toBe(
      'undecided, label differs, confidence up to 50 %, with “lef”'
    )
  })
})

describe('what a manifest says of a model', () => {
  it('groups figures by the set they were measured on', () => {
    const [group, ...others] = metricGroups({
      dev: { rows: 1000, decoder: 'greedy', characterErrorRate: 0.0432, exact: 0.862, note: null }
    })
    expect(others).toEqual([])
    expect(group!.on).toBe('Development set, not trained on, 1,000 fields')
    expect(group!.lines).toEqual([
      { title: 'Decoder', value: 'greedy' },
      { title: 'Characters wrong', value: '4.3 %' },
      { title: 'Whole fields right', value: '86 %' }
    ])
  })

  it('shows what it reads in the end, and not the steps of fitting', () => {
    const groups = metricGroups({
      devDecoder: { searched: 0.3, greedy: { rows: 961, exact: 0.9 } },
      devCalibration: { rows: 961, errorBefore: 0.04, error: 0.0247, acceptedAt99: 0.81, exact: 0.943 }
    })
    expect(groups).toEqual([
      {
        on: 'Development set, as it reads, 961 fields',
        lines: [
          { title: 'Calibration error', value: '2.5 %' },
          { title: 'Can be accepted at 99 %', value: '81 %' },
          { title: 'Whole fields right', value: '94 %' }
        ]
      }
    ])
  })

  it('takes loose figures and unknown names as they are, and nothing for nothing', () => {
    expect(metricGroups({ cer: 0.05, fields: 40, seconds_per_epoch: 12.34567 })).toEqual([
      {
        on: '40 fields',
        lines: [
          { title: 'Characters wrong', value: '5.0 %' },
          { title: 'Seconds per epoch', value: '12.35' }
        ]
      }
    ])
    expect(metricGroups({})).toEqual([])
    expect(metricGroups({ dev: { rows: 3 } })).toEqual([])
  })

  it('shortens the alphabet', () => {
    expect(charsetSummary(" '-ABCDEFGHIJKLMNOPQRSTUVWXYZ")).toBe("' - A–Z space")
    expect(charsetSummary('0123456789abxyz')).toBe('0–9 a b x–z')
  })
})
