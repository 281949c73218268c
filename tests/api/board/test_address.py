import pytest

from api.board.address import CITY, Address, read_address, read_path


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("city", "/"),
        ("quality", "/quality"),
        ("about", "/about"),
        ("district:310115", "/district/310115"),
        ("zone:lingang", "/zone/lingang"),
        ("park:P01", "/park/P01"),
        ("factory:F00042", "/factory/F00042"),
    ],
)
def test_address_of_a_name_and_of_a_path_are_the_same(name: str, path: str) -> None:
    address = read_address(name)
    assert address is not None
    assert (address.name, address.path) == (name, path)
    assert read_path(path) == address


@pytest.mark.parametrize("name", ["", "town", "city:1", "district", "district:", "quality:x", "factory"])
def test_read_address_of_what_is_no_page_is_none(name: str) -> None:
    assert read_address(name) is None


def test_city_is_the_first_page() -> None:
    assert read_path("/") == CITY == Address("city")
