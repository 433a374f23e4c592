import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import loadHighs from 'highs'
import { z } from 'zod'
import { drawPanel, drawPeople } from './draw.ts'
import type { Fault } from './reading/fault.ts'
import { say } from './reading/fault.ts'
import { joinConfirmed, readPairs } from './reading/join.ts'
import { readPool } from './reading/pool.ts'
import { readQuotas } from './reading/quotas.ts'
import { drawReserves } from './select.ts'
import { streamFrom } from './stream.ts'

// This program checks what the engine claims, so it shares nothing with it but the reading of files and the rule of
// the draw, and has another solver.

const selectionFile = z.object({
  size: z.number().int(),
  seed: z.string(),
  types: z.array(
    z.object({
      features: z.record(z.string(), z.string()),
      people: z.array(z.string()).min(1),
      probability: z.number(),
      weight: z.number().optional(),
    }),
  ),
  lottery: z.array(
    z.object({ probability: z.number(), counts: z.array(z.tuple([z.number().int(), z.number().int()])) }),
  ),
  selected: z.array(z.string()),
  reserves: z.array(z.string()),
  confirmed: z.array(z.string()).default([]),
  cap: z.number().positive().max(1).default(1),
  objective: z.enum(['leximin', 'maximin', 'nash', 'goldilocks']),
  panels: z.array(z.array(z.string())).optional(),
  panel: z.number().int().optional(),
  unreachable: z.array(z.object({ type: z.number().int() })),
  certificate: z.object({
    optimal: z.boolean(),
    gap: z.number(),
    bound: z.number(),
    proof: z.string().optional(),
    weights: z.array(z.array(z.tuple([z.number().int(), z.number()]))).default([]),
  }),
})

/** What the check found: each sentence in `wrong` is a claim of the file that does not hold. */
export type Verdict = { wrong: string[]; raise: number; gap: number }

const TOLERANCE = 1e-7

/**
 * Checks a selection against its pool and quotas: every panel meets size, quotas and homes, probabilities sum to one, each
 * chance is what the lottery gives, the people drawn fit a panel of the lottery, and nobody can be raised.
 */
export async function checkSelection(
  json: unknown,
  files: { pool: Uint8Array; quotas: Uint8Array; confirmed?: Uint8Array; apart?: Uint8Array },
  columns: { id?: string; household?: string[]; passedOver?: string } = {},
): Promise<Verdict> {
  const faults: Fault[] = []
  const quotas = readQuotas(files.quotas, 'quotas', faults)
  const homeOf = new Map<string, number>()
  const alone = readPool(files.pool, 'pool', quotas, { ...columns, homeOf }, faults)
  const { pool } = files.confirmed
    ? joinConfirmed(alone, files.confirmed, 'confirmed', quotas, { ...columns, homeOf }, faults)
    : { pool: alone }
  const apart = files.apart ? readPairs(files.apart, 'apart', pool, faults) : []
  const parsed = selectionFile.safeParse(json)
  if (!parsed.success) return { wrong: ['The selection file is not one that panel select wrote.'], raise: 0, gap: 0 }
  if (faults.length) return { wrong: faults.map(say), raise: 0, gap: 0 }
  const selection = parsed.data
  const wrong: string[] = []
  const complain = (what: string) => void (wrong.length < 50 && wrong.push(what))
  const person = new Map(pool.ids.map((id, i) => [id, i]))
  const typeOf = new Map<number, number>()
  const confirmed = new Set(selection.confirmed)
  const values = (i: number) => pool.codes.map((codes, f) => pool.values[f]?.[codes[i] ?? 0] ?? '')
  for (const [type, { people, features, weight = 1 }] of selection.types.entries()) {
    let same: string | undefined
    for (const id of people) {
      const i = person.get(id)
      if (i === undefined) complain(`“${id}” is not in the pool.`)
      else {
        if (typeOf.has(i)) complain(`“${id}” is in two types.`)
        typeOf.set(i, type)
        const own = values(i).join('\u0000')
        if (same !== undefined && own !== same) complain(`Type ${type} holds people with different features (“${id}”).`)
        same = own
        if (pool.features.some((feature, f) => features[feature] !== values(i)[f]))
          complain(`Type ${type} is said to have other features than “${id}” has.`)
        if (weight !== 1 + (pool.passedOver?.[i] ?? 0))
          complain(`Type ${type} counts ${weight} times, and “${id}” was not passed over that often (--passed-over).`)
      }
    }
  }
  const taken = new Set([...confirmed].map(id => pool.homes?.[person.get(id) ?? -1] ?? -1))
  taken.delete(-1)
  const isIn = (i: number) => confirmed.has(pool.ids[i] ?? '')
  const barred = new Set(apart.flatMap(([a, b]) => [...(isIn(a) ? [b] : []), ...(isIn(b) ? [a] : [])]))
  for (const id of pool.ids)
    if (
      !confirmed.has(id) &&
      !barred.has(person.get(id) ?? -1) &&
      !taken.has(pool.homes?.[person.get(id) ?? -1] ?? -1) &&
      !typeOf.has(person.get(id) ?? -1)
    )
      complain(`“${id}” is in no type.`)
  if (wrong.length) return { wrong, raise: 0, gap: 0 }

  const rows = [
    {
      name: 'size',
      lower: selection.size - confirmed.size,
      upper: selection.size - confirmed.size,
      types: new Map(selection.types.map((_, t) => [t, 1])),
    },
  ]
  const first = selection.types.map(({ people }) => values(person.get(people[0] ?? '') ?? 0))
  for (const quota of quotas) {
    const f = pool.features.indexOf(quota.feature)
    const had = [...confirmed].filter(id => values(person.get(id) ?? 0)[f] === quota.value).length
    const own = first.flatMap((value, t) => (value[f] === quota.value ? [t] : []))
    rows.push({
      name: `${quota.feature}: ${quota.value}`,
      lower: quota.min - had,
      upper: quota.max - had,
      types: new Map(own.map(t => [t, 1])),
    })
  }
  for (const row of homeRows(pool.homes, typeOf, selection.types.length)) rows.push(row)
  for (const [a, b] of apart) {
    const pair = [typeOf.get(a), typeOf.get(b)].filter(type => type !== undefined)
    if (barred.has(a) && typeOf.has(a)) complain(`“${pool.ids[a]}” may not sit with someone confirmed.`)
    if (barred.has(b) && typeOf.has(b)) complain(`“${pool.ids[b]}” may not sit with someone confirmed.`)
    if (pair.length < 2) continue
    if (pair.some(type => selection.types[type]?.people.length !== 1))
      complain(`“${pool.ids[a]}” and “${pool.ids[b]}” may not sit together, so each must be a type alone.`)
    rows.push({ name: 'two who may not sit together', lower: 0, upper: 1, types: new Map(pair.map(type => [type, 1])) })
  }

  let total = 0
  const chance = new Float64Array(selection.types.length)
  for (const [i, { probability, counts }] of selection.lottery.entries()) {
    total += probability
    if (!(probability >= 0)) complain(`Panel ${i} has the probability ${probability}.`)
    const count = new Map<number, number>()
    for (const [t, n] of counts) {
      const type = selection.types[t]
      if (!type || n < 1 || n > type.people.length || count.has(t)) complain(`Panel ${i} counts ${n} of type ${t}.`)
      else chance[t]! += (probability * n) / type.people.length
      count.set(t, n)
    }
    for (const row of rows) {
      let sum = 0
      for (const [t, n] of count) if (row.types.has(t)) sum += n
      if (sum < row.lower || sum > row.upper)
        complain(`Panel ${i} has ${sum} of “${row.name}”, outside ${row.lower} to ${row.upper}.`)
    }
  }
  if (Math.abs(total - 1) > TOLERANCE) complain(`The probabilities sum to ${total}, not 1.`)
  for (const [t, { probability }] of selection.types.entries())
    if (Math.abs(probability - chance[t]!) > TOLERANCE)
      complain(`Type ${t} is said to have the chance ${probability}; the lottery gives ${chance[t]}.`)

  // Numbered panels round the lottery, so they are panels of their own.
  for (const [i, ids] of (selection.panels ?? []).entries()) {
    const own = ids.map(id => typeOf.get(person.get(id) ?? -1) ?? -1)
    if (own.includes(-1) || new Set(ids).size < ids.length)
      complain(`Numbered panel ${i + 1} names nobody, or one twice.`)
    for (const row of rows) {
      const sum = own.filter(t => row.types.has(t)).length
      if (sum < row.lower || sum > row.upper)
        complain(`Numbered panel ${i + 1} has ${sum} of “${row.name}”, outside ${row.lower} to ${row.upper}.`)
    }
  }
  const seats = new Map<number, number>()
  for (const id of selection.selected) {
    const t = typeOf.get(person.get(id) ?? -1)
    if (t === undefined) complain(`“${id}” was selected and is in no type.`)
    else seats.set(t, (seats.get(t) ?? 0) + 1)
  }
  if (selection.selected.length) {
    const spelled = (counts: Iterable<[number, number]>) => JSON.stringify([...counts].sort((a, b) => a[0] - b[0]))
    if (new Set(selection.selected).size !== selection.selected.length) complain('Someone was selected twice.')
    const drawn = spelled(seats)
    if (
      !selection.panels &&
      !selection.lottery.some(({ probability, counts }) => probability > 0 && spelled(counts) === drawn)
    )
      complain('The people selected are no panel of the lottery.')
    const homes = selection.selected.map(id => pool.homes?.[person.get(id) ?? 0] ?? -1).filter(home => home >= 0)
    if (new Set(homes).size !== homes.length) complain('Two of the people selected share a home.')
  }
  if (!wrong.length) for (const fault of faultsOfDraw(selection, pool.homes, person)) complain(fault)
  for (const [t, c] of chance.entries())
    if (c > selection.cap + TOLERANCE) complain(`Type ${t} has the chance ${c}, above the cap of ${selection.cap}.`)
  const never = new Set(selection.unreachable.map(({ type }) => type))
  for (const [t, c] of chance.entries())
    if (c < 1e-9 !== never.has(t))
      complain(
        `Type ${t} ${never.has(t) ? 'is said to be unreachable and has a chance' : 'cannot be selected, and the file does not say so'}.`,
      )
  if (selection.reserves.some(id => selection.selected.includes(id) || !person.has(id)))
    complain('A reserve was selected too, or is nobody.')
  if (wrong.length) return { wrong, raise: 0, gap: 0 }

  const lowest = Math.min(...chance.map((c, t) => c / (selection.types[t]?.weight ?? 1)))
  const gap = Math.max(0, selection.certificate.bound - lowest)
  if (selection.objective !== 'nash' && lowest > selection.certificate.bound + TOLERANCE)
    complain(`The lowest chance is ${lowest}, above the bound ${selection.certificate.bound} that nobody can pass.`)
  if (selection.certificate.optimal && selection.objective !== 'nash' && gap > TOLERANCE)
    complain(
      `The lowest chance is ${lowest}, below the bound ${selection.certificate.bound} that the file claims to reach.`,
    )
  // Maximin is answered by the leximin; of the other objectives and of a selection stopped early nobody can be sure here,
  // nor of panels that were priced one by one under a cap: a cap holds for chances, not for panels.
  const canRaise =
    ['leximin', 'maximin'].includes(selection.objective) &&
    selection.certificate.optimal &&
    (selection.cap === 1 || selection.certificate.proof !== 'pricing')
  const raise = canRaise ? await raiseFrom(selection, rows, chance, complain) : 0
  return { wrong, raise: canRaise ? raise : Number.NaN, gap }
}

// The draw is a rule, not a claim: the seed gives one panel and, in order, one person for each reserve's type.
function faultsOfDraw(
  selection: z.output<typeof selectionFile>,
  homes: Int32Array | undefined,
  person: Map<string, number>,
): string[] {
  if (!selection.selected.length) return []
  const { types, panels } = selection
  const members = selection.selected.map(id => person.get(id) ?? -1)
  const drawable = types.map(({ people }) => {
    const own = people.map(id => person.get(id) ?? -1)
    return homes ? { people: own, homes: own.map(i => homes[i] ?? -1) } : { people: own }
  })
  const wrong: string[] = []
  if (panels) {
    const named = panels[(selection.panel ?? 0) - 1] ?? []
    if (named.join() !== selection.selected.join()) wrong.push('The people selected are not the numbered panel named.')
  } else {
    const number = drawPanel(
      selection.lottery.map(panel => panel.probability),
      streamFrom(selection.seed, 'panel'),
    )
    const drawn = drawPeople(selection.lottery[number]?.counts ?? [], drawable, streamFrom(selection.seed, 'people'))
    if (drawn.join() !== members.join()) wrong.push('The people selected are not those that the seed draws.')
  }
  const typeOf = (id: string) => types.findIndex(({ people }) => people.includes(id))
  const reserves = drawReserves(
    drawable,
    selection.reserves.map(typeOf),
    members,
    streamFrom(selection.seed, 'reserves'),
  )
  if (reserves.join() !== selection.reserves.map(id => person.get(id) ?? -1).join())
    wrong.push('The reserves are not those that the seed draws.')
  return wrong
}

type Row = { name: string; lower: number; upper: number; types: Map<number, number> }

function homeRows(homes: Int32Array | undefined, typeOf: Map<number, number>, types: number): Row[] {
  const people = new Map<number, number[]>()
  for (const [i, type] of typeOf) {
    const home = homes?.[i] ?? -1
    if (home >= 0) people.set(home, [...(people.get(home) ?? []), type])
  }
  const groups = new Map<string, number>()
  for (const list of people.values()) {
    if (list.length < 2) continue
    const key = [...new Set(list)].sort((a, b) => a - b).join()
    groups.set(key, (groups.get(key) ?? 0) + 1)
  }
  return [...groups].map(([key, upper]) => ({
    name: 'one person a home',
    lower: 0,
    upper,
    types: new Map(key.split(',').map(t => [Number(t) % types, 1])),
  }))
}

// For the types of each level, a programme raises their chances while nobody at or below goes down. What it gains bounds
// what any of them can gain; where panels were priced one by one the counts must be whole for the answer to say something.
async function raiseFrom(
  selection: z.output<typeof selectionFile>,
  rows: Row[],
  chance: Float64Array,
  complain: (what: string) => void,
): Promise<number> {
  const load = loadHighs as unknown as typeof loadHighs.default
  const solver = await load({ print: () => {}, printErr: () => {} })
  const sizes = selection.types.map(type => type.people.length)
  const most = Float64Array.from(sizes, size => size * selection.cap)
  const level = selection.types.map((type, t) => chance[t]! / (type.weight ?? 1))
  const starts = [0]
  const indices: number[] = []
  for (let t = 0; t < sizes.length; t++) {
    for (const [r, row] of rows.entries()) if (row.types.has(t)) indices.push(r)
    starts.push(indices.length)
  }
  const model = solver.createModel({
    numCols: sizes.length,
    numRows: rows.length,
    sense: solver.constants.objectiveSense.maximize,
    colCost: new Float64Array(sizes.length),
    colLower: new Float64Array(sizes.length),
    colUpper: most,
    rowLower: Float64Array.from(rows, row => row.lower),
    rowUpper: Float64Array.from(rows, row => row.upper),
    matrix: {
      format: 'csc',
      numRows: rows.length,
      numCols: sizes.length,
      starts,
      indices,
      values: indices.map(() => 1),
    },
  })
  model.options.set({ output_flag: false, primal_feasibility_tolerance: 1e-9, dual_feasibility_tolerance: 1e-9 })
  if (selection.certificate.proof === 'pricing') {
    const worst = raiseOverPanels(solver, model, selection, chance, level, complain)
    model.dispose()
    return worst
  }
  let worst = 0
  const order = [...level.keys()].sort((a, b) => level[a]! - level[b]!)
  for (let from = 0; from < order.length; ) {
    let to = from
    while (to < order.length && level[order[to]!]! < level[order[from]!]! + 1e-6) to++
    const own = order.slice(from, to)
    for (const t of own)
      model.changeColBounds(t, Math.min(most[t]!, Math.max(0, chance[t]! * sizes[t]! - 1e-9)), most[t]!)
    for (const t of own) model.changeColCost(t, 1 / sizes[t]!)
    model.run()
    if (model.getModelStatus() !== solver.constants.modelStatus.optimal) {
      complain(`The raise check at the chance ${level[order[from]!]} could not be solved.`)
      break
    }
    const raised = model.getObjectiveValue() - own.reduce((sum, t) => sum + chance[t]!, 0)
    worst = Math.max(worst, raised)
    for (const t of own) model.changeColCost(t, 0)
    if (raised > 1e-4 * own.length)
      complain(
        `The chances of ${own.length} types near ${level[order[from]!]} can be raised, by ${raised} in all, without lowering anyone at or below.`,
      )
    from = to
  }
  model.dispose()
  return worst
}

type Solver = Awaited<ReturnType<typeof loadHighs.default>>

// Weights of a stage prove that its types cannot be raised: no panel, so no lottery, takes their weighted chances higher
// than this one, and all of them are at or below the level. The greatest over whole panels is found here again.
function raiseOverPanels(
  solver: Solver,
  model: ReturnType<Solver['createModel']>,
  selection: z.output<typeof selectionFile>,
  chance: Float64Array,
  level: number[],
  complain: (what: string) => void,
): number {
  const raise = level.map((_, t) => (chance[t]! > 1 - TOLERANCE ? 0 : Infinity))
  for (const t of level.keys()) model.changeColIntegrality(t, solver.constants.variableType.integer)
  model.options.set({ mip_rel_gap: 0, mip_abs_gap: 1e-9 })
  for (const weights of selection.certificate.weights) {
    const gain = new Float64Array(level.length)
    let now = 0
    let highest = 0
    for (const [t, weight] of weights) {
      const type = selection.types[t]
      if (!type) continue
      gain[t] = weight / (type.people.length * (type.weight ?? 1))
      now += weight * level[t]!
      if (weight > 1e-6) highest = Math.max(highest, level[t]!)
      else if (weight < -1e-9) now = -Infinity
    }
    model.changeColsCost({ kind: 'range', from: 0, to: level.length - 1 }, gain)
    model.run()
    if (model.getModelStatus() !== solver.constants.modelStatus.optimal) continue
    const room = Math.max(0, Number(model.info.get('mip_dual_bound')) - now)
    for (const [t, weight] of weights)
      if (weight > 1e-6 && level[t]! > highest - 1e-6) raise[t] = Math.min(raise[t]!, room / weight)
  }
  const worst = Math.max(0, ...raise)
  if (worst > 1e-4) complain('The weights in the file do not prove that nobody’s chance can be raised.')
  return worst
}

/** \`panel check-selection FILE.json --pool … --quotas …\`: exit 0 when every claim holds, 1 when one does not, 2 when misused. */
export async function checkSelectionCommand(
  args: string[],
  io: { out: (text: string) => unknown; err: (text: string) => unknown },
): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        pool: { type: 'string' },
        quotas: { type: 'string' },
        id: { type: 'string' },
        household: { type: 'string' },
        'passed-over': { type: 'string' },
        confirmed: { type: 'string' },
        apart: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) {
      io.out(
        'panel check-selection FILE.json --pool FILE --quotas FILE [--id COLUMN] [--household COL,COL] [--passed-over COLUMN] [--confirmed FILE] [--apart FILE] [--json]\n\nChecks every claim of a selection with a program and a solver of its own. Exit: 0 all hold, 1 not, 2 wrong input.\n',
      )
      return 0
    }
    const [file] = positionals
    if (!file || !values.pool || !values.quotas) {
      io.err('Give the selection file, --pool and --quotas. See panel check-selection --help.\n')
      return 2
    }
    const verdict = await checkSelection(
      JSON.parse(readFileSync(file, 'utf8')),
      {
        pool: readFileSync(values.pool),
        quotas: readFileSync(values.quotas),
        ...(values.confirmed ? { confirmed: readFileSync(values.confirmed) } : {}),
        ...(values.apart ? { apart: readFileSync(values.apart) } : {}),
      },
      {
        ...(values.id ? { id: values.id } : {}),
        ...(values['passed-over'] ? { passedOver: values['passed-over'] } : {}),
        ...(values.household ? { household: values.household.split(',').map(name => name.trim()) } : {}),
      },
    )
    if (values.json) io.out(`${JSON.stringify(verdict)}\n`)
    else if (verdict.wrong.length) io.out(`${verdict.wrong.join('\n')}\n`)
    else if (Number.isNaN(verdict.raise))
      io.out('Panels, chances and draw are as the file says. That no lottery is better is not checked here.\n')
    else io.out(`Every claim holds. Nobody can be raised by more than ${verdict.raise.toExponential(1)}.\n`)
    return verdict.wrong.length ? 1 : 0
  } catch (error) {
    io.err(`${error instanceof Error ? error.message : error}\n`)
    return 2
  }
}
