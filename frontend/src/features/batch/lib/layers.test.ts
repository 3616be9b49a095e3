import { describe, expect, it } from "vitest";
import { drawn, type GraphNode, layered } from "./layers";

const node = (id: string, ...after: string[]): GraphNode => ({ id, after });
const layerOf = (graph: GraphNode[]) =>
  Object.fromEntries(layered(graph).nodes.map(({ id, layer }) => [id, layer]));

describe("layers of a graph", () => {
  it("put a chain one after the other, in whatever order it is given", () => {
    expect(layerOf([node("c", "b"), node("a"), node("b", "a")])).toEqual({ a: 0, b: 1, c: 2 });
  });

  it("count the longest way, so that every arrow points forward", () => {
    const graph = [node("a"), node("b", "a"), node("c", "b"), node("d", "a", "c")];

    expect(layerOf(graph)).toEqual({ a: 0, b: 1, c: 2, d: 3 });
  });

  it("put branches beside each other", () => {
    const { nodes, depth, breadth } = layered([
      node("a"),
      node("b", "a"),
      node("c", "a"),
      node("d", "b", "c"),
    ]);

    expect(nodes.filter((each) => each.layer === 1).map((each) => each.id)).toEqual(["b", "c"]);
    expect([depth, breadth]).toEqual([3, 2]);
  });

  it("stand by what they come after, so that arrows do not cross", () => {
    const { nodes } = layered([node("a"), node("b"), node("of b", "b"), node("of a", "a")]);

    expect(nodes.filter((each) => each.layer === 1).map((each) => each.id)).toEqual([
      "of a",
      "of b",
    ]);
  });

  it("leave out what is not part of the graph", () => {
    expect(layerOf([node("nlp", "spellcheck")])).toEqual({ nlp: 0 });
  });

  it("come to an end on a cycle", () => {
    expect(layered([node("a", "b"), node("b", "a"), node("c")]).nodes).toHaveLength(3);
  });

  it("are empty for no nodes", () => {
    expect(layered([])).toEqual({ nodes: [], depth: 0, breadth: 0 });
  });
});

describe("the drawing", () => {
  const measures = { boxWidth: 100, boxHeight: 40, gap: 20, spread: 10 };
  const layers = layered([node("a"), node("b", "a"), node("c", "a")]);

  it("goes right on a desktop, with narrower layers centred", () => {
    const { width, height, boxes, edges } = drawn(layers, { ...measures, direction: "right" });

    expect([width, height]).toEqual([220, 90]);
    expect(boxes[0]).toMatchObject({ id: "a", x: 0, y: 25 });
    expect(boxes[2]).toMatchObject({ id: "c", x: 120, y: 50 });
    expect(edges.map(({ from, to }) => `${from}>${to}`)).toEqual(["a>b", "a>c"]);
    expect(edges[0]?.d).toBe("M100 45C110 45 110 20 120 20");
  });

  it("goes down on a phone", () => {
    const { width, height, boxes } = drawn(layers, { ...measures, direction: "down" });

    expect([width, height]).toEqual([210, 100]);
    expect(boxes[0]).toMatchObject({ id: "a", x: 55, y: 0 });
  });
});
