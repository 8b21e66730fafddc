/** The pages of a list, each changed by `map`; the proof at the end stays. */
export async function* mapPages<Page, Mapped, Proof>(
  pages: AsyncGenerator<Page, Proof>,
  map: (page: Page) => Mapped | Promise<Mapped>,
): AsyncGenerator<Awaited<Mapped>, Proof> {
  for (;;) {
    const page = await pages.next();
    if (page.done === true) return page.value;
    yield await map(page.value);
  }
}
