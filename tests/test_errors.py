import inspect
import pickle

import pytest

from pipeline import errors

ALL = [error for _, error in inspect.getmembers(errors, inspect.isclass) if issubclass(error, errors.FazhiError)]


@pytest.mark.parametrize("error", ALL, ids=lambda error: error.__name__)
def test_every_error_travels_between_processes(error):
    made = error("报告.txt", "the file is empty", "export it again")
    again = pickle.loads(pickle.dumps(made))
    assert type(again) is error
    assert str(again) == "报告.txt: the file is empty; export it again"
    assert (again.thing, again.wrong, again.remedy) == (made.thing, made.wrong, made.remedy)


def test_a_message_is_one_line():
    assert "\n" not in str(errors.QueryError("the query\nover lines", "wrong", "mend it"))


def test_the_tree_at_the_top_of_the_module_names_every_error():
    assert all(error.__name__ in errors.__doc__ for error in ALL)
