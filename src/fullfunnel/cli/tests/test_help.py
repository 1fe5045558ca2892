import pytest

from fullfunnel.cli import COMMANDS, main


def help_of(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_shows_an_example_and_says_how_it_ends(name, capsys):
    said = help_of(capsys, name)
    examples = said.partition("examples:\n")[2]
    assert examples.startswith(f"  fullfunnel {name}")
    assert "exit status: 0" in examples.lower()


def test_the_help_of_the_program_says_where_to_begin(capsys):
    said = help_of(capsys)
    for name in COMMANDS:
        assert f"\n    {name}" in said
    assert said.index("fullfunnel demo") < said.index("fullfunnel create-workspace") < said.index("exit status: 0")


@pytest.mark.parametrize("port", ["99999", "0", "-1", "http", "8000.5"])
@pytest.mark.parametrize("name", ["serve", "demo", "doctor"])
def test_a_port_that_is_none_is_refused_in_a_sentence(name, port, capsys):
    with pytest.raises(SystemExit) as ended:
        main([name, f"--port={port}"])
    assert ended.value.code == 2
    assert f"'{port}' is no port; give a whole number from 1 to 65535" in capsys.readouterr().err
