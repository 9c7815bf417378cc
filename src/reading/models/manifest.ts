/** The manifest beside a model: all that Nomina knows of it. Checked here, once; later code trusts it. */
import * as v from 'valibot'
import { NominaError } from '../../shared/failure'

/** Bounds that no real recogniser comes near: they keep a mistyped number from taking all memory. */
const MAX_SIDE = 16_384
const MAX_CLASSES = 20_000

const text = v.pipe(v.string(), v.nonEmpty('must not be empty'))
const whole = (from: number, to: number) =>
  v.pipe(v.number(), v.integer('must be a whole number'), v.minValue(from), v.maxValue(to))
const side = whole(1, MAX_SIDE)
const fileBeside = v.pipe(
  text,
  v.check((file) => !isOutside(file), 'must name a file beside the manifest, not one elsewhere')
)
const sha256 = v.pipe(v.string(), v.toLowerCase(), v.regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'))

const widthRange = v.pipe(
  v.object({ min: side, max: side, multipleOf: side }),
  v.check(({ min, max }) => min <= max, 'min must not be above max'),
  v.check(({ max, multipleOf }) => multipleOf <= max, 'multipleOf must not be above max')
)

const trim = v.pipe(v.number(), v.minValue(0), v.maxValue(0.45))

const input = v.object({
  name: text,
  layout: v.picklist(['NCHW'], 'must be "NCHW"'),
  height: side,
  width: v.union([side, widthRange], 'must be a whole number of px, or { min, max, multipleOf } with min ≤ max'),
  fit: v.picklist(['box', 'stretch']),
  resample: v.optional(v.picklist(['bilinear', 'lanczos']), 'bilinear'),
  align: v.optional(v.picklist(['left', 'centre']), 'left'),
  pad: v.optional(whole(0, 255), 255),
  /** Share of the height that is cut off at the top, and as much at the bottom, before all else. */
  trim: v.optional(trim, 0),
  binarise: v.optional(v.picklist(['none', 'otsu']), 'none'),
  morphology: v.optional(v.picklist(['none', 'open', 'close']), 'none'),
  invert: v.optional(v.boolean(), false),
  mean: v.optional(v.pipe(v.number(), v.finite()), 0),
  std: v.optional(v.pipe(v.number(), v.finite(), v.gtValue(0, 'must be above 0')), 1)
})

const frames = v.object({
  /** Input px from one frame to the next. */
  stride: v.pipe(v.number(), v.gtValue(0)),
  /** Left edge of the first frame, input px. */
  offset: v.optional(v.pipe(v.number(), v.finite()), 0),
  /** Rows of frames, where a feature map of several rows is flattened row by row. */
  rows: v.optional(whole(1, MAX_SIDE), 1)
})

const output = v.object({
  name: text,
  layout: v.picklist(['NTC', 'TNC']),
  activation: v.picklist(['logits', 'log-probabilities', 'probabilities']),
  frames: v.optional(frames)
})

const modelKinds = ['ctc', 'attention'] as const

const finite = v.pipe(v.number(), v.finite())
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1))

/** How texts are found in the output; without `beam` the best class of every frame alone (greedy). */
const decoder = v.looseObject({
  /** Prefixes that are followed. */
  beam: v.optional(whole(1, 256)),
  /** A greedy text of a higher posterior is taken as it is. */
  greedyAbove: v.optional(share),
  /** A character language model beside the manifest, made by `nomina-train language-model`. */
  languageModel: v.optional(
    v.looseObject({
      file: fileBeside,
      sha256,
      weight: v.pipe(v.number(), v.minValue(0), v.maxValue(10)),
      /** Nats a character. */
      lengthBonus: v.pipe(v.number(), v.minValue(-10), v.maxValue(10))
    })
  ),
  /** How much a text counts for being in an imported list: the list's share of the language model's probability. */
  lexicon: v.optional(v.looseObject({ share, weight: v.pipe(v.number(), v.minValue(0), v.maxValue(10)) }))
})

/**
 * Maps the decoder's probability p of a text to the probability that it is right: on its logit, or with all features of
 * the reading (decode/features.ts), by name.
 */
const calibration = v.union(
  [
    v.looseObject({
      method: v.literal('features'),
      bias: finite,
      weights: v.record(v.string(), finite),
      points: v.optional(
        v.pipe(
          v.array(v.tuple([share, share])),
          v.minLength(2),
          v.check(
            (points) =>
              points.every(([from, to], at) => at === 0 || (from > points[at - 1]![0] && to >= points[at - 1]![1])),
            'must rise'
          )
        )
      )
    }),
    v.looseObject({ method: v.literal('platt'), a: v.pipe(v.number(), v.finite()), b: v.pipe(v.number(), v.finite()) }),
    v.looseObject({ method: v.literal('temperature'), temperature: v.pipe(v.number(), v.gtValue(0)) }),
    v.strictObject({})
  ],
  'must be {"method":"features","bias","weights"}, {"method":"platt","a","b"}, {"method":"temperature","temperature"} or {}'
)

/**
 * How an attention model writes: `file` is the encoder, whose output (`output.name`, batch × positions × size) every
 * step is given; `step` computes the next character. Start, end and padding are class indices; the charset's order fills
 * the others.
 */
const attentionBlock = v.looseObject({
  start: whole(0, MAX_CLASSES),
  end: whole(0, MAX_CLASSES),
  pad: whole(0, MAX_CLASSES),
  /** Characters at most. */
  maxLength: whole(1, 10_000),
  step: v.pipe(
    v.optional(v.string(), ''),
    v.nonEmpty('is missing; a decode in one graph is not supported'),
    fileBeside
  ),
  stepSha256: sha256,
  token: v.optional(text, 'token'),
  logits: v.optional(text, 'logits'),
  /** The step's output that says where it looked, rows × positions. */
  weights: v.optional(text),
  /** What goes from step to step, rows × size, zeros at first. */
  states: v.optional(v.array(v.object({ input: text, output: text, size: whole(1, 65_536) })), [])
})

const attention = v.pipe(
  attentionBlock,
  v.check(({ start, end, pad }) => new Set([start, end, pad]).size === 3, 'start, end and pad must differ')
)

/**
 * A second, slower network for what the first doubts: a text of a probability below `below` is read again by both, their
 * log-probabilities of each frame averaged, the second's with `weight`. Same charset, same frames.
 */
const cascade = v.looseObject({ file: fileBeside, sha256, input, output, below: share, weight: share })

/**
 * Closer views of what it is unsure of: a field whose best path has a probability a character below `below` is read again
 * with each `input.trim` of `trims` in turn, while that makes it surer; all that it says then counts together. Small
 * letters in a high crop come out larger.
 */
const views = v.looseObject({
  trims: v.pipe(v.array(trim), v.minLength(1), v.maxLength(8)),
  below: share
})

/** A file beside the manifest that belongs to the model, and what it must be. */
const checkedFile = v.looseObject({ file: fileBeside, sha256 })

/** The reader that this one began from. */
const base = v.looseObject({ id: text, hash: sha256 })

const charset = v.pipe(
  v.array(v.pipe(v.string(), v.nonEmpty('a character must not be empty'))),
  v.minLength(1, 'must have at least one character'),
  v.maxLength(MAX_CLASSES),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const twice = dataset.value.find((entry, index) => dataset.value.indexOf(entry) !== index)
    if (twice !== undefined) addIssue({ message: `${JSON.stringify(twice)} occurs twice` })
  })
)

const manifestSchema = v.pipe(
  v.looseObject({
    schema: v.literal(1, 'only schema 1 is known to this version'),
    id: v.pipe(v.string(), v.regex(/^[\w][\w.-]{0,99}$/, 'must be letters, digits, ".", "_" and "-"')),
    title: text,
    kind: v.picklist(modelKinds),
    file: fileBeside,
    sha256,
    /** Tensors that the ONNX file keeps in files of their own. */
    externalData: v.optional(v.array(checkedFile)),
    /** The network in float32, as safetensors: what fine-tuning begins from. */
    weights: v.optional(checkedFile),
    base: v.optional(base),
    /** Of two readers with one id, the one with the higher number is the newer; without one it is 1. */
    version: v.optional(whole(1, 1_000_000)),
    /** Ids of readers that it is the newer of, under a name of its own. */
    replaces: v.optional(v.array(text)),
    /** What it learnt from: hashes of images, counts, where they came from. */
    trainedOn: v.optional(v.record(v.string(), v.unknown())),
    input,
    output,
    charset,
    blank: v.optional(whole(0, MAX_CLASSES)),
    attention: v.optional(attention),
    decoder: v.optional(decoder),
    cascade: v.optional(cascade),
    views: v.optional(views),
    calibration: v.optional(calibration),
    training: v.optional(v.record(v.string(), v.unknown())),
    metrics: v.optional(v.record(v.string(), v.unknown())),
    licence: v.optional(v.string()),
    credits: v.optional(v.array(v.unknown()))
  }),
  v.forward(
    v.check(({ kind, blank }) => kind !== 'ctc' || blank !== undefined, 'is missing; kind "ctc" needs it'),
    ['blank']
  ),
  v.forward(
    v.check(
      ({ blank, charset: { length } }) => blank === undefined || blank <= length,
      'must be at most the charset’s length'
    ),
    ['blank']
  ),
  v.forward(
    v.check(
      ({ kind, attention }) => kind !== 'attention' || attention !== undefined,
      'is missing; kind "attention" needs it'
    ),
    ['attention']
  ),
  v.forward(
    v.check(
      ({ kind, input, cascade }) =>
        !cascade || (kind === 'ctc' && [input, cascade.input].every(({ width }) => typeof width === 'number')),
      'only kind "ctc" with inputs of a fixed width reads with a second network'
    ),
    ['cascade']
  ),
  v.forward(
    v.check(
      ({ input, output, cascade }) =>
        !cascade ||
        (input.fit === cascade.input.fit &&
          input.align === cascade.input.align &&
          output.frames?.rows === cascade.output.frames?.rows),
      'input.fit, input.align and output.frames.rows must be those of the first network: frames are averaged'
    ),
    ['cascade']
  ),
  v.forward(
    v.check(
      ({ kind, cascade, views }) => !views || (kind === 'ctc' && !cascade),
      'only kind "ctc" without a cascade reads closer views'
    ),
    ['views']
  ),
  v.forward(
    v.check(
      ({ attention, charset: { length } }) =>
        !attention || Math.max(attention.start, attention.end, attention.pad) < length + SPECIAL_CLASSES,
      'start, end and pad must be classes: below the charset’s length + 3'
    ),
    ['attention']
  )
)

/** What the keys of these blocks are where a manifest does not say; absent: they have no default. */
export const manifestDefaults: Record<'input' | 'output' | 'attention', Record<string, unknown>> = {
  input: v.getDefaults(input),
  output: v.getDefaults(output),
  attention: v.getDefaults(attentionBlock)
}

export type Manifest = v.InferOutput<typeof manifestSchema>
export type ModelInput = Manifest['input']
export type ModelOutput = Manifest['output']

/**
 * @param where how the file is named in messages
 * @throws NominaError `unknown-kind`: a kind of model that this version does not know; `refused`: no JSON, or what is missing or
 * wrong and where
 */
export function parseManifest(json: string, where: string): Manifest {
  let raw: unknown
  try {
    raw = JSON.parse(json.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new NominaError('refused', `${where}: this is not JSON: ${(error as Error).message}.`)
  }
  const kind = (raw as { kind?: unknown } | null)?.kind
  if (typeof kind === 'string' && !modelKinds.includes(kind as Manifest['kind']))
    throw new NominaError('unknown-kind', `${where}: this version does not know models of the kind “${kind}”.`)
  const parsed = v.safeParse(manifestSchema, raw)
  if (parsed.success) return parsed.output
  const said = parsed.issues.slice(0, 4).map((issue) => {
    const path = v.getDotPath(issue)
    const missing = issue.received === 'undefined' && issue.kind === 'schema'
    return `${path ?? 'the manifest'}: ${missing ? 'is missing' : lowerFirst(issue.message)}`
  })
  throw new NominaError('refused', `${where}: ${said.join('; ')}.`)
}

/** Start, end and padding. */
const SPECIAL_CLASSES = 3

/** Classes of the output: the charset and the blank (CTC), or start, end and padding (attention). */
export const classCount = ({ charset, kind }: Pick<Manifest, 'charset' | 'kind'>): number =>
  charset.length + (kind === 'ctc' ? 1 : SPECIAL_CLASSES)

function isOutside(file: string): boolean {
  return /^([a-z]:|[\\/])/i.test(file) || file.split(/[\\/]/).includes('..')
}

const lowerFirst = (message: string): string => message.charAt(0).toLowerCase() + message.slice(1)
