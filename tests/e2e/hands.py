"""Two ways to work the application: with the mouse, and with the keyboard alone."""

from collections.abc import Sequence
from typing import Protocol

from playwright.sync_api import FilePayload, Locator, Page, expect

MOST_TABS = 250

_DROP = """(zone, files) => {
    const transfer = new DataTransfer();
    for (const { name, text } of files) transfer.items.add(new File([text], name));
    for (const kind of ["dragenter", "dragover", "drop"])
        zone.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
}"""


_LOOKS = """element => {
    const looks = [];
    for (let each = element, up = 0; each && up < 3; each = each.parentElement, up++) {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
        looks.push([outlineStyle, outlineWidth, boxShadow]);
    }
    return looks;
}"""


class Hand(Protocol):
    """How somebody works a page."""

    def press(self, target: Locator) -> None:
        """Press a button or follow a link."""
        ...

    def write(self, target: Locator, text: str) -> None:
        """Write into a field."""
        ...

    def choose(self, target: Locator, value: str) -> None:
        """Choose from a list."""
        ...

    def hand_over(self, zone: Locator, button: Locator, files: Sequence[tuple[str, str]]) -> None:
        """Give files, name and text, to a page."""
        ...


class Mouse:
    """Points and clicks."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def press(self, target: Locator) -> None:
        """See the protocol."""
        target.click()

    def write(self, target: Locator, text: str) -> None:
        """See the protocol."""
        target.click()
        target.fill(text)

    def choose(self, target: Locator, value: str) -> None:
        """See the protocol."""
        target.select_option(value)

    def hand_over(self, zone: Locator, button: Locator, files: Sequence[tuple[str, str]]) -> None:
        """See the protocol: dropped on the page."""
        zone.evaluate(_DROP, [{"name": name, "text": text} for name, text in files])


class Keyboard:
    """Has no mouse: walks with Tab and sees where the focus is."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def press(self, target: Locator) -> None:
        """See the protocol."""
        self._walk_to(target)
        self._page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        """See the protocol."""
        self._walk_to(target)
        self._page.keyboard.press("ControlOrMeta+a")
        self._page.keyboard.insert_text(text)

    def choose(self, target: Locator, value: str) -> None:
        """See the protocol: arrow keys, until the list stands there."""
        self._walk_to(target)
        self._page.keyboard.press("Home")
        for _ in range(target.locator("option").count()):
            if target.input_value() == value:
                return
            self._page.keyboard.press("ArrowDown")
        expect(target).to_have_value(value)

    def hand_over(self, zone: Locator, button: Locator, files: Sequence[tuple[str, str]]) -> None:
        """See the protocol: through the system's own dialog."""
        with self._page.expect_file_chooser() as chooser:
            self.press(button)
        chooser.value.set_files(
            [
                FilePayload(name=name, mimeType="text/plain", buffer=text.encode())
                for name, text in files
            ]
        )

    def _walk_to(self, target: Locator) -> None:
        target.wait_for()
        for _ in range(MOST_TABS):
            if target.evaluate("element => element === document.activeElement"):
                self._check_seen(target)
                return
            self._page.keyboard.press("Tab")
        raise AssertionError(f"Tab never comes to {target}")

    def _check_seen(self, target: Locator) -> None:
        """Whoever has the focus must show it."""
        styles = target.evaluate(_LOOKS)
        assert any(
            (style != "none" and width != "0px") or shadow != "none"
            for style, width, shadow in styles
        ), f"{target} has the focus and does not show it"
