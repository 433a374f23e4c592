import { drawPanel, drawPeople, drawReserves } from '../draw.ts'
import { streamFrom } from '../stream.ts'
import type { Claim } from './claim.ts'

/** The draw is a rule, not a claim: the seed gives one panel and, in order, one person for each reserve’s type. */
export function checkDraw({ selection, pool, person, complain }: Claim, typeOf: ReadonlyMap<number, number>): void {
  const { types, panels, lottery, seed, selected, reserves } = selection
  const at = (id: string) => person.get(id) ?? -1
  const members = selected.map(at)
  if (members.some(i => !typeOf.has(i))) complain('Someone was selected who is in no type.')
  if (new Set(members).size < members.length) complain('Someone was selected twice.')
  const homes = members.map(i => pool.homes?.[i] ?? -1).filter(home => home >= 0)
  if (new Set(homes).size < homes.length) complain('Two of the people selected share a home.')
  if (reserves.some(id => selected.includes(id) || !typeOf.has(at(id))))
    complain('A reserve was selected too, or is nobody.')
  const drawable = types.map(({ people }) => {
    const own = people.map(at)
    return pool.homes ? { people: own, homes: own.map(i => pool.homes?.[i] ?? -1) } : { people: own }
  })
  if (panels) {
    const named = panels[(selection.panel ?? 0) - 1] ?? []
    if (named.join() !== selected.join()) complain('The people selected are not the numbered panel named.')
  } else {
    const probabilities = lottery.map(panel => panel.probability)
    const counts = lottery[drawPanel(probabilities, streamFrom(seed, 'panel'))]?.counts ?? []
    if (drawPeople(counts, drawable, streamFrom(seed, 'people')).join() !== members.join())
      complain('The people selected are not those that the seed draws.')
  }
  const reserveTypes = reserves.map(id => typeOf.get(at(id)) ?? -1)
  if (drawReserves(drawable, reserveTypes, members, streamFrom(seed, 'reserves')).join() !== reserves.map(at).join())
    complain('The reserves are not those that the seed draws.')
}
