// A step of the AssemblyScript compiler: a function whose doc comment ends in the tag @inline is inlined, as if it had the
// decorator of that name. Tools that check TypeScript take no decorators on functions.

import { Node, NodeKind } from "assemblyscript";
import { Transform } from "assemblyscript/transform";

const TAG = /@inline\s*\*\/\s*(export\s+)?$/;

export default class extends Transform {
  /** @param parser what the compiler has read */
  afterParse(parser) {
    for (const source of parser.sources) {
      for (const statement of source.statements) {
        if (statement.kind !== NodeKind.FunctionDeclaration) continue;
        if (!TAG.test(source.text.slice(0, statement.range.start))) continue;
        const name = Node.createIdentifierExpression("inline", statement.range);
        statement.decorators = [Node.createDecorator(name, null, statement.range)];
      }
    }
  }
}
