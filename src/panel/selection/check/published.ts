import { digest, ticketOf } from '../commitment.ts'
import type { Published } from '../folder.ts'
import { publishedDraw, publishedLottery } from '../publish.ts'
import { verifyDraw } from '../verify-draw.ts'
import type { Claim, Files } from './claim.ts'

/**
 * Checks that what was published is this very selection: committed to before, made from these two files, and each ticket
 * of each type and of the draw is the person’s. With it a second person can attest what the public cannot see.
 */
export function checkPublished({ selection, complain }: Claim, files: Files, published: Published): void {
  const lottery = publishedLottery.parse(JSON.parse(published.lottery))
  const draw = publishedDraw.parse(JSON.parse(published.draw))
  for (const fault of verifyDraw(published, selection.panels && selection.panel)) complain(fault)
  if (published.commitment.trim() !== selection.commitment)
    complain('The selection has another commitment than was published.')
  if (digest(Buffer.concat([Buffer.from(draw.salt), files.pool])) !== draw.pool)
    complain('The pool is not the one committed to.')
  if (digest(files.quotas) !== draw.quotas) complain('The quotas are not those committed to.')
  const tickets = (ids: string[]) => ids.map(id => ticketOf(draw.salt, id))
  const told = (list: unknown) => JSON.stringify(list)
  if (told(lottery.panels) !== told(selection.lottery)) complain('The lottery published is another one.')
  const types = selection.types.map(({ people }) => tickets(people).sort())
  if (told(lottery.types.map(type => [...type.tickets].sort())) !== told(types))
    complain('The tickets published are not those of the people of each type.')
  for (const what of ['selected', 'reserves'] as const)
    if (told([...draw[what]].sort()) !== told(tickets(selection[what]).sort()))
      complain(`The tickets published as ${what} are not those of the people ${what}.`)
}
