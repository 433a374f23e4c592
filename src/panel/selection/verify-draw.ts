import { parseArgs } from 'node:util'
import { commitTo, digest } from './commitment.ts'
import { drawPanel, drawPeople, drawReserves } from './draw.ts'
import { type Published, publishedIn } from './folder.ts'
import { positionsOf, publishedDraw, publishedLottery } from './publish.ts'
import { streamFrom } from './stream.ts'

/** What is wrong with a published draw; nothing when it is what was committed to, drawn as the rule says. */
export function verifyDraw(files: Published, numberDrawn?: number): string[] {
  const lottery = publishedLottery.parse(JSON.parse(files.lottery))
  const draw = publishedDraw.parse(JSON.parse(files.draw))
  const wrong: string[] = []
  const committed = { lottery: digest(files.lottery), pool: draw.pool, quotas: draw.quotas }
  if (commitTo(draw.salt, committed) !== files.commitment.trim())
    wrong.push('The lottery, the files or the salt are not those committed to before the draw.')
  const tickets = lottery.types.flatMap(type => type.tickets)
  if (new Set(tickets).size < tickets.length) wrong.push('A ticket stands twice in the lottery.')
  const total = lottery.panels.reduce((sum, panel) => sum + panel.probability, 0)
  if (Math.abs(total - 1) > 1e-9) wrong.push(`The probabilities sum to ${total}, not 1.`)
  const places = lottery.panels[0]?.counts.reduce((sum, [, count]) => sum + count, 0) ?? 0
  for (const [i, { counts }] of lottery.panels.entries())
    if (counts.reduce((sum, [, count]) => sum + count, 0) !== places) wrong.push(`Panel ${i} has another size.`)
  if (wrong.length) return wrong
  const types = positionsOf(lottery)
  const stream = streamFrom(draw.seed, 'panel')
  let number: number
  let selected: string[]
  let people: number[]
  if (lottery.numbered) {
    number = numberDrawn === undefined ? stream.below(lottery.numbered.length) : numberDrawn - 1
    selected = lottery.numbered[number] ?? []
    const at = new Map(tickets.map((ticket, i) => [ticket, i]))
    people = selected.map(ticket => at.get(ticket) ?? -1)
  } else {
    number = drawPanel(
      lottery.panels.map(panel => panel.probability),
      stream,
    )
    people = drawPeople(lottery.panels[number]?.counts ?? [], types, streamFrom(draw.seed, 'people'))
    selected = people.map(position => tickets[position] ?? '')
  }
  if (number !== draw.panel)
    wrong.push(`The seed draws panel ${number + 1}, and panel ${draw.panel + 1} was announced.`)
  if ([...selected].sort().join() !== [...draw.selected].sort().join())
    wrong.push('The tickets announced are not those that the seed draws.')
  const reserves = drawReserves(types, draw.reserveTypes, people, streamFrom(draw.seed, 'reserves')).map(
    position => tickets[position],
  )
  if (reserves.join() !== draw.reserves.join()) wrong.push('The reserves announced are not those that the seed draws.')
  return wrong
}

/** \`panel verify-draw DIR\`: exit 0 when the published draw is what it says, 1 when not, 2 when the files cannot be read. */
export async function verifyDrawCommand(
  args: string[],
  io: { out: (text: string) => unknown; err: (text: string) => unknown },
): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        ticket: { type: 'string' },
        number: { type: 'string' },
      },
    })
    if (values.help) {
      io.out(
        'panel verify-draw DIR [--ticket NUMBER] [--number N] [--json]\n\nChecks a draw from its published files: DIR/lottery.json, DIR/commitment.txt, DIR/draw.json.\n--number is what dice or balls gave, where panels were numbered. Exit: 0 as announced, 1 not, 2 wrong use.\n',
      )
      return 0
    }
    const [folder] = positionals
    if (!folder) {
      io.err('Give the folder of the published files. See panel verify-draw --help.\n')
      return 2
    }
    const files = publishedIn(folder)
    const wrong = verifyDraw(files, values.number === undefined ? undefined : Number(values.number))
    if (values.json) io.out(`${JSON.stringify({ verified: wrong.length === 0, wrong })}\n`)
    else io.out(wrong.length ? `${wrong.join('\n')}\n` : 'The draw is what was committed to, drawn by the seed.\n')
    if (values.ticket && !values.json) io.out(`${tellTicket(files, values.ticket)}\n`)
    return wrong.length ? 1 : 0
  } catch (error) {
    io.err(`${error instanceof Error ? error.message : error}\n`)
    return 2
  }
}

function tellTicket(files: Published, ticket: string): string {
  const lottery = publishedLottery.parse(JSON.parse(files.lottery))
  const draw = publishedDraw.parse(JSON.parse(files.draw))
  const type = lottery.types.findIndex(({ tickets }) => tickets.includes(ticket))
  if (type < 0) return `Ticket ${ticket} is not in this draw.`
  const size = lottery.types[type]?.tickets.length ?? 1
  const chance = lottery.panels.reduce(
    (sum, { probability, counts }) => sum + (probability * (counts.find(([t]) => t === type)?.[1] ?? 0)) / size,
    0,
  )
  const place = draw.reserves.indexOf(ticket)
  const how = draw.selected.includes(ticket)
    ? 'was selected'
    : place >= 0
      ? `is reserve ${place + 1}`
      : 'was not selected'
  return `Ticket ${ticket} had a chance of ${(100 * chance).toFixed(2)}% and ${how}.`
}
