import { type Claim, valuesOf } from './claim.ts'

/** Checks that everyone who can be drawn is in one type, among people just like them. Returns the type of each person. */
export function checkTypes({ selection, pool, person, confirmed, apart, complain }: Claim): Map<number, number> {
  const typeOf = new Map<number, number>()
  for (const [type, { people, features, weight = 1 }] of selection.types.entries()) {
    let same: string | undefined
    for (const id of people) {
      const i = person.get(id)
      if (i === undefined) {
        complain(`“${id}” is not in the pool.`)
        continue
      }
      if (typeOf.has(i)) complain(`“${id}” is in two types.`)
      typeOf.set(i, type)
      const values = valuesOf(pool, i)
      const own = values.join('\u0000')
      if (same !== undefined && own !== same) complain(`Type ${type} holds people with different features (“${id}”).`)
      same = own
      if (pool.features.some((feature, f) => features[feature] !== values[f]))
        complain(`Type ${type} is said to have other features than “${id}” has.`)
      if (weight !== 1 + (pool.passedOver?.[i] ?? 0))
        complain(`Type ${type} counts ${weight} times, and “${id}” was not passed over that often (--passed-over).`)
    }
  }
  const homesTaken = new Set([...confirmed].map(i => pool.homes?.[i] ?? -1).filter(home => home >= 0))
  const barred = new Set(
    apart.flatMap(([a, b]) => [...(confirmed.has(a) ? [b] : []), ...(confirmed.has(b) ? [a] : [])]),
  )
  for (const [i, id] of pool.ids.entries()) {
    const isOut = confirmed.has(i) || barred.has(i) || homesTaken.has(pool.homes?.[i] ?? -1)
    if (!isOut && !typeOf.has(i)) complain(`“${id}” is in no type.`)
    if (barred.has(i) && typeOf.has(i)) complain(`“${id}” may not sit with someone confirmed.`)
  }
  for (const pair of apart)
    for (const i of pair)
      if (typeOf.has(i) && selection.types[typeOf.get(i) ?? 0]?.people.length !== 1)
        complain(
          `“${pair.map(one => pool.ids[one]).join('” and “')}” may not sit together, so each must be a type alone.`,
        )
  return typeOf
}
