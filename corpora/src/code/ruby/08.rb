# frozen_string_literal: true

require "minitest/autorun"
require_relative "../lib/account"

class AccountTest < Minitest::Test
  def setup
    @account = Account.new(owner: "Zoë", balance: "100.00")
  end

  def test_deposit_increases_the_balance
    @account.deposit("0.10").deposit("0.20")

    assert_equal BigDecimal("100.30"), @account.balance
  end

  def test_rejects_amounts_that_are_not_positive
    [0, -1, "-0.01", "abc"].each do |amount|
      error = assert_raises(Account::InvalidAmount, "for #{amount.inspect}") { @account.deposit(amount) }
      assert_match(/is not positive\z/, error.message)
    end
  end

  def test_withdrawing_too_much_says_how_much_is_missing
    error = assert_raises(Account::InsufficientFunds) { @account.withdraw(130) }

    assert_equal 30, error.missing
    assert_equal "30.0 € short", error.message
    assert_equal 100, @account.balance, "a failed withdrawal must not change the balance"
  end

  def test_the_last_cent_can_be_withdrawn
    assert_same @account, @account.withdraw("100")
    assert_predicate @account.balance, :zero?
  end
end
