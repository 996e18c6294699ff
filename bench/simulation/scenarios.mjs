/** What happens to the providers, at which share of the time; the last third is quiet again. */
const some = (world, share) => world.providers.slice(0, Math.max(Math.round(world.providers.length * share), 1));
const all = (providers, state) => {
  for (const provider of providers) provider.state = state;
};
/** A provider that goes down and comes back, or slows down and recovers. */
const between = (share, state) => (world) => [
  [0.2, () => all(some(world, share), state)],
  [0.6, () => all(some(world, share), 'up')],
];

export const SCENARIOS = {
  'nothing happens': () => [],
  'one of fifty refuses': between(0.02, 'down'),
  'a fifth refuses': between(0.2, 'down'),
  'a fifth is silent': between(0.2, 'silent'),
  'a fifth is slow and fails': between(0.2, 'brown'),
  'all refuse for a while': (world) => [
    [0.3, () => all(world.providers, 'down')],
    [0.45, () => all(world.providers, 'up')],
  ],
  'prices change': (world) => {
    const change = () => {
      for (const { offers } of world.models)
        for (const offer of offers) world.setPrice(offer, offer.dollars * 3 ** (2 * world.random() - 1));
    };
    return [
      [0.25, change],
      [0.5, change],
    ];
  },
  'everything at once': (world) => [
    ...between(0.1, 'down')(world),
    [0.3, () => all(world.providers.slice(10, 16), 'brown')],
    [0.35, () => all(world.providers.slice(20, 24), 'silent')],
    [0.7, () => all(world.providers, 'up')],
  ],
};
