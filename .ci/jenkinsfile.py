"""Parses a declarative pipeline by the grammar of Groovy, and looks at its sections. Takes the file."""
import pathlib
import sys

from groovy_parser.parser import GroovyRestrictedTokenizer, create_groovy_parser
from lark import Token
from lark.exceptions import LarkError

SECTIONS = {"agent", "environment", "libraries", "options", "parameters", "post", "stages", "tools", "triggers"}
OF_STAGE = {"agent", "environment", "failFast", "input", "options", "post", "steps", "tools", "when"}
PARSER = create_groovy_parser()  # takes a second
CONDITIONS = {"always", "changed", "fixed", "regression", "aborted", "failure", "success", "unstable", "unsuccessful", "cleanup"}


def leaves(tree):
    """The words of a file, without blanks and comments."""
    for node in tree.children:
        if isinstance(node, Token):
            value = node.value[-1] if isinstance(node.value, tuple) else node.value
            if str(value).strip():
                yield str(value).strip()
        elif node is not None:
            yield from leaves(node)


def blocks(words):
    """Reads up to the brace that closes: the name of each statement, and what is in its braces."""
    found, name, parentheses, arguments = [], None, 0, False
    for word in words:
        if word == "}" and parentheses == 0:
            break
        if word == "{" and parentheses == 0:
            found[-1][1].extend(blocks(words))
            name = None
            continue
        parentheses += {"(": 1, ")": -1}.get(word, 0)
        if name is None and word.isidentifier():
            name = word
            found.append((name, []))
        elif name == "agent" and parentheses == 0:
            name = None  # agent any
    return found


def check(text):
    """Raises if a text is no declarative pipeline."""
    try:
        top = blocks(leaves(PARSER.parse(list(GroovyRestrictedTokenizer().get_tokens(text)))))
    except (LarkError, AttributeError, IndexError) as fault:
        raise AssertionError(f"it is no Groovy: {fault}") from fault
    assert [name for name, _ in top] == ["pipeline"], top
    sections = dict(top[0][1])
    assert set(sections) <= SECTIONS and {"agent", "stages"} <= set(sections), sorted(sections)
    assert sections["stages"], "no stage"
    for name, parts in sections["stages"]:
        assert name == "stage" and {part for part, _ in parts} <= OF_STAGE and dict(parts).get("steps"), (name, parts)
    assert {name for name, _ in sections.get("post", [])} <= CONDITIONS, sections["post"]


EXAMPLE = "pipeline {\n agent any\n stages { stage('a') { steps { sh 'b' } } }\n post { always { sh 'c' } }\n}\n"
check(EXAMPLE)
for old, new in {"steps {": "commands {", "always": "ever", "stages {": "stages (", "agent any": "", "post {": "afterwards {"}.items():
    try:
        check(EXAMPLE.replace(old, new, 1))
    except AssertionError:
        continue
    raise SystemExit(f"{new} in the place of {old} was not refused")
check(pathlib.Path(sys.argv[1]).read_text())
print("groovy-parser: ok")
